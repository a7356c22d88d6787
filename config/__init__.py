"""How the product is put together: settings, URLs, servers and the demonstration."""
