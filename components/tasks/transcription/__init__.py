"""The task of transcribing speech: the words of a recording, however many there are."""
