"""Keys under which a program sends the same request again."""

KEY = "6f0c5a1e-0b9e-4d59-9a53-2f1f5f0c8a11"
OTHER_KEY = "6f0c5a1e-0b9e-4d59-9a53-2f1f5f0c8a12"
