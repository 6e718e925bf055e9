"""The script that Streamlit runs for every page: its frame, its navigation, and the end of every error."""

import streamlit as st

from components.ui.boundary import boundary
from components.ui.logo import ICON, LOGO
from components.ui.places import navigation

st.set_page_config(page_title="Unroll", page_icon=ICON, layout="wide")
st.logo(LOGO, size="large")
page = st.navigation(navigation(), position="top")
with boundary():
    page.run()
