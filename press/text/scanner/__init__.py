"""The dialect: what the signs and lines of an author's text mean, with their places. Renders nothing."""
