"""Importing: what somebody brings is fetched, read where it can do no harm, and kept until it is published."""
