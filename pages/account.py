"""The account: logging in, out, and taking along what was there before."""

from components.ui.account.account_page import show_account_page

show_account_page()
