"""Tasks that write a text in answer to another: translation and chat."""
