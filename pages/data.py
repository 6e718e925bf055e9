"""Data: where sequences come from. Choose one, bring one or make one, look at it, and train on it."""

import streamlit as st

from components.ui.dataset import workbench

st.title("Data", anchor=False)
workbench()
