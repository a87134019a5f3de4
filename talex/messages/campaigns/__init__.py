"""What the office writes to many: texts in several languages, and campaigns that send them."""
