"""rig - real and misbehaving proxies, and sites behind them, for tests and for trying the program by hand

Each server is a context manager; serve.py starts them from a shell.
"""
