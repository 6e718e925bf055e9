"""Data: where sequences come from. Choose one, bring one or make one, look at it, and train on it."""

import streamlit as st

from components.ui.data.data_page import show_data

st.title("Data", anchor=False)
show_data()
