"""Reading lists: from the bytes of a file to rows of cells below titles, whatever program wrote them."""
