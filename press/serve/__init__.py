"""The author's server: builds on every save and shows the page or the mistakes."""
