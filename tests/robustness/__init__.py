"""What goes wrong around the tutor: crashes, damage, other programs, code that misbehaves."""
