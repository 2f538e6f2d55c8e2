"""Starts the product and its tests on a machine that has nothing but Python.

Only the standard library: `bin/demo` and `bin/test` run before any package is installed.
"""
