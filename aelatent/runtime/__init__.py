"""The machine: files, environment, cache, executors, a quiet Keras, packaged resources."""
