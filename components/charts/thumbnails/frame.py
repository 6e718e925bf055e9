"""The small pictures of cards: SVG text of a few kilobytes, seen on light and on dark."""

import html

WIDTH, HEIGHT, MARGIN = 240.0, 72.0, 4.0


def svg_frame(elements: str, *, label: str = "", **attributes: str | float) -> str:
    """Put a frame around what is drawn.

    Args:
        elements: SVG elements within `WIDTH` and `HEIGHT`.
        label: what a person who doesn't see it is told.
        attributes: of all elements, such as `stroke_width`.
    """
    own = {"fill": "none"} | {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    said = " ".join(f'{name}="{html.escape(value)}"' for name, value in own.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{html.escape(label)}" width="100%" {said}>{elements}</svg>'
    )
