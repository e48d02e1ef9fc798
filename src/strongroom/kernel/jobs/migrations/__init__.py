"""The history of schema `jobs`, which belongs to the kernel."""
