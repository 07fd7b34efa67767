"""What people see: a page a module, its template beside it."""
