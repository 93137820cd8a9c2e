"""What columns are called: in files that come in, in files that go out, in DiffusionDB. Names only."""

TEXTS = ("id", "url", "source_site")
NUMBERS = ("width", "height")
MAKING = ("negative_prompt", "seed", "steps", "guidance", "sampler", "model")  # columns that become the recipe
OTHERS = ("nsfw", "rating", "favourite", "recipe", "added_at", "picture", "thumbnail")
OURS = ("prompt", *TEXTS, *NUMBERS, *MAKING, *OTHERS)
SCORES = {"nsfw": 1.0, "rating": 10.0}  # and the highest of each
# A score that is 0 in the library is not known: most files have none. One that is known to be 0 is kept as this.
ZERO = 2.0**-20
VECTORS = ("prompt_vector", "picture_vector")
EXPORTED = (
    *("id", "prompt", "url", "width", "height", "source_site", "favourite", "recipe", "nsfw", "rating", "added_at"),
)  # what Atelier exports; such a file is taken to the letter

# DiffusionDB's card says what its numbers mean; a score of 2 says that the picture came out blurred.
DIFFUSIONDB = {"image_name", "prompt", "seed", "step", "cfg", "sampler"}
SAMPLERS = (
    *("", "ddim", "plms", "k_euler", "k_euler_ancestral", "k_heun", "k_dpm_2", "k_dpm_2_ancestral", "k_lms", "others"),
)
