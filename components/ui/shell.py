"""The script that Streamlit runs for every page: its frame, its navigation, and the end of every error."""

import sys
from pathlib import Path

import streamlit as st

# A host may run this file alone, without app.py; then only this folder would be searched for modules.
if (root := str(Path(__file__).resolve().parents[2])) not in sys.path:
    sys.path.insert(0, root)

from components.ui.account.cookie_notice import show_cookie_notice
from components.ui.address import settle_address
from components.ui.boundary import boundary
from components.ui.document import STYLES
from components.ui.logo import ICON, LOGO
from components.ui.navigation import menu_pages
from components.ui.process_memory import trim_memory

# First of all: until then the tab would show the menu's icon, which a browser has to get from Google.
st.set_page_config(page_title="Unroll", page_icon=ICON, layout="wide")
page = st.navigation(menu_pages(), position="top")
title = "Unroll" if page.url_path == "" else f"{page.title} · Unroll"
st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
st.logo(LOGO, size="large")
st.html(STYLES)  # the document has them too, where app.py serves it
show_cookie_notice()
with boundary():
    settle_address()
    page.run()
trim_memory()
