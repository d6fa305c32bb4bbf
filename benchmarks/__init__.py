"""What is measured against which peer, and the page that is written from it: `make bench`."""
