"""Children of ourselves: the same program without a window, over pipes, with limits.

Standard library only. A child speaks one request at a time: a request is one message, an
answer is one message or a stream of them.
"""
