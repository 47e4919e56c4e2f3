"""Networks that learn: layers with their gradients, losses, optimisers, training.

Arrays that enter or leave a network have the field's axes, (N, C, H, W) and (N, K). Inside, the batch comes last,
(C, H, W, N): numpy in the browser works fastest on long rows. Every sum is taken in an order that does not depend on
the processor's vector width, or in double precision, so CPython and the browser train the same network.
"""
