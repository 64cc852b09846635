-- The products that a workspace begins with. Ids come from the sequence, as they would from the app.
INSERT INTO products (name, description, price, quantity) VALUES
    ('Gaming Laptop', 'High-end gaming laptop', 1999.99, 5),
    ('Office Laptop', '14-inch laptop with a quiet keyboard', 849.00, 12),
    ('4K Monitor', '27-inch monitor with USB-C', 649.50, 9),
    ('Mechanical Keyboard', 'Tenkeyless, brown switches', 119.00, 30),
    ('USB-C Cable', '1 metre, charges at 60 W', 9.95, 240),
    ('USB-C Cable', NULL, 14.95, 180);
