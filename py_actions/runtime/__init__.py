"""The machinery of the worker: connections, threads, running handlers, results, the clock."""
