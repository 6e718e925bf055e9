"""The sign of Unroll: a cell and its copies through time, drawn to be read on light and on dark."""

_CHAIN = (
    '<g fill="none" stroke="#1877b8" stroke-width="3.2" stroke-linecap="round">'
    '<circle cx="9" cy="16" r="5.6"/><path d="M14.6 16H21"/><circle cx="27" cy="16" r="5.6" opacity=".72"/>'
    '<path d="M32.6 16H39" opacity=".72"/><circle cx="45" cy="16" r="5.6" opacity=".44"/></g>'
)

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 54 54" width="54" height="54">'
    f'<g transform="translate(0 11)">{_CHAIN}</g></svg>'
)

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 32" width="150" height="32">'
    f"{_CHAIN}"
    '<text x="62" y="24" font-family="Georgia, serif" font-size="25" font-weight="700" fill="#1877b8">'
    "Unroll</text></svg>"
)
