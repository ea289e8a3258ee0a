"""What people read: feedback pages and the report, on which nothing can run."""
