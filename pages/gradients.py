"""Gradients: how learning reaches back through time, where it vanishes, where it explodes, and what helps."""

import streamlit as st

from components.ui.gradients import show_gradients

st.title("Gradients", anchor=False)
show_gradients()
