"""The test maker: registers in plain words, nights of change, and both written as XML.

It knows the format and the meaning of the register from the documentation alone and imports nothing of the product,
so that what a test expects is never computed by what the test examines.
"""
