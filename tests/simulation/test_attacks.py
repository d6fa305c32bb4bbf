"""Made models of known truth by which claims once said yes, or no, and were wrong.

`docs/attacks.md` says of each what was tried and what was mended.
"""

from pathlib import Path

import numpy as np
import pytest

from aelatent.inference.estimates import InsufficientEvidence
from aelatent.latent.cloud import LatentCloud
from aelatent.simulation import (
    DIGITS_CARD,
    FACES_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    run_claim,
)
from aelatent.simulation.scenarios import load_claims
from aelatent.zoo.replicate import pack_symmetric, references

CLAIMS = Path(__file__).parents[2] / "claims"
NOT_APPLICABLE = "not applicable"
STYLES = 16  # components of a code that show in the image
DIMENSIONS = 32


def claim(file, name):
    """Return the claim's function of a file below claims/."""
    return getattr(load_claims(CLAIMS / file), name)


def outcome(function, arguments, rng):
    """Run a claim and return its verdict in a word, or that it does not apply."""
    try:
        return run_claim(function, arguments, rng).outcome.value
    except pytest.skip.Exception:
        return NOT_APPLICABLE


def shown(shades, styles):
    """Return images of a pixel that a simulated judge reads, and others that none reads."""
    pixels = np.column_stack([shades, 255 * np.clip(styles, 0, 1)])
    return np.rint(pixels).astype(np.uint8)[:, None, :, None]


def clean_faces(codes):
    """Decode any code to a clean face of its own."""
    return shown(np.full(len(codes), 255), 0.5 + 0.15 * codes[:, :STYLES])


def one_face(codes):
    """Decode any code to the same clean face."""
    return shown(np.full(len(codes), 255), np.full((len(codes), STYLES), 0.5))


def one_face_or_noise(rng, noisy):
    """Return a decoder to one clean face for all codes but those that `noisy` tells."""

    def decode(codes):
        noise = noisy(len(codes))
        styles = np.where(noise[:, None], rng.uniform(size=(len(codes), STYLES)), 0.5)
        return shown(np.where(noise, 100, 255), styles)

    return decode


def model_of(decode, rng, reconstructed=clean_faces):
    """Return five trainings of normal codes with a decoder, and a judge of faces."""
    judge = SimulatedJudge(rng, FACES_CARD)
    replicates = []
    for seed in range(5):
        codes = rng.standard_normal((1000, DIMENSIONS))
        images = reconstructed(codes[references(len(codes))])
        cloud = LatentCloud(codes)
        replicates.append(SimulatedReplicate(cloud, cloud, decode, seed, images=images))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


VARIETY = [
    (
        "fragmentation_vi/test_statistical_vectors_decode_to_faces.py",
        "test_statistical_vectors_decode_to_faces",
    ),
    (
        "high_dimensionality_ii/test_simple_conditions_give_faces.py",
        "test_simple_conditions_give_faces",
    ),
    (
        "beyond/test_recipes_of_the_later_posts_give_faces.py",
        "test_limits_along_principal_axes_give_faces",
    ),
]


@pytest.mark.parametrize(("file", "name"), VARIETY, ids=["A-18", "B-21", "X-08"])
def test_one_face_and_some_noise_are_no_variety(file, name, rng):
    decode = one_face_or_noise(rng, lambda n: rng.uniform(size=n) < 0.1)

    assert outcome(claim(file, name), model_of(decode, rng), rng) == "refuted"


@pytest.mark.parametrize(("file", "name"), VARIETY, ids=["A-18", "B-21", "X-08"])
def test_clean_faces_of_all_codes_are_varied(file, name, rng):
    assert outcome(claim(file, name), model_of(clean_faces, rng), rng) == "supported"


PATHS = (
    "fragmentation_vi/test_path_interiors_decode_to_faces.py",
    "test_path_interiors_decode_to_faces",
)


def test_paths_of_one_face_that_end_in_noise_do_not_change(rng):
    decode = one_face_or_noise(rng, lambda n: (np.arange(n) % 6 == 5) & (rng.uniform(size=n) < 0.1))

    assert outcome(claim(*PATHS), model_of(decode, rng), rng) == "refuted"


def test_paths_of_changing_faces_change(rng):
    assert outcome(claim(*PATHS), model_of(clean_faces, rng), rng) == "supported"


DIRECTIONS = (
    "high_dimensionality_ii/test_few_directions_lead_to_another_face.py",
    "test_few_directions_lead_to_another_face",
)


def test_steps_to_clean_faces_in_all_directions_refute_few(rng):
    turn = np.linalg.qr(rng.standard_normal((256, DIMENSIONS)))[0].T

    def far_from_each_other(codes):
        images = np.clip(128 + 70 * codes @ turn, 0, 255).reshape(len(codes), 16, 16, 1)
        images[:, 0, 0] = 255
        return np.rint(images).astype(np.uint8)

    arguments = model_of(far_from_each_other, rng, far_from_each_other)

    assert outcome(claim(*DIRECTIONS), arguments, rng) == "refuted"


def test_without_another_face_no_direction_leads_to_one(rng):
    arguments = model_of(one_face, rng, one_face)

    assert outcome(claim(*DIRECTIONS), arguments, rng) == NOT_APPLICABLE


@pytest.mark.parametrize(
    "name",
    [
        "test_a_plain_autoencoder_makes_clear_faces",
        "test_an_autoencoder_samples_as_well_and_as_widely_as_a_vae",
    ],
    ids=["X-14", "X-24"],
)
@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (one_face, one_face, NOT_APPLICABLE),
        (clean_faces, one_face, "supported"),
        (one_face, clean_faces, "refuted"),
    ],
    ids=["both blind", "the VAE blind", "the autoencoder blind"],
)
def test_two_blind_models_are_not_compared(name, ours, theirs, expected, rng):
    found = {
        "faces_ae_256d": model_of(ours, rng),
        "faces_vae_200d": model_of(theirs, rng),
    }
    arguments = {
        "models": lambda model: found[model]["model"],
        "image_judge": found["faces_ae_256d"]["image_judge"],
    }
    function = claim("beyond/test_an_autoencoder_samples_as_well_as_a_vae.py", name)

    assert outcome(function, arguments, rng) == expected


def digits_at(places, decoder, rng, labels=None):
    """Return five trainings that put the digits at places, ten rows each, and their judge."""
    labels = np.repeat(np.arange(10), 20)
    replicates = []
    for seed, own in enumerate(places):
        codes = own[labels] + 0.1 * rng.standard_normal((200, 2))
        cloud = LatentCloud(codes, labels=labels)
        replicates.append(SimulatedReplicate(cloud, cloud, decoder, seed))
    judge = SimulatedJudge(rng, DIGITS_CARD)
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def always_seven(codes):
    """Decode any code to the same clean seven."""
    decode = decoder_accepting(lambda z: np.ones(len(z), bool), lambda z: np.full(len(z), 7))
    return decode(codes)


def test_where_no_decoder_knows_the_digits_none_has_a_place(rng):
    arguments = digits_at(5 * rng.standard_normal((5, 10, 2)), always_seven, rng)
    function = claim(
        "ae_to_vae/test_autoencoder_codes_lie_anywhere.py", "test_nothing_decides_where_codes_go"
    )

    assert outcome(function, arguments, rng) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("spread", "expected"), [(0.0, NOT_APPLICABLE), (5.0, "supported")], ids=["heap", "places"]
)
def test_classes_on_one_heap_have_no_arrangement(spread, expected, rng):
    arguments = digits_at(spread * rng.standard_normal((5, 10, 2)), always_seven, rng)
    function = claim(
        "beyond/test_trainings_arrange_classes_alike.py",
        "test_trainings_arrange_classes_unlike_each_other",
    )

    assert outcome(function, {"model": arguments["model"]}, rng) == expected


@pytest.mark.parametrize("width", [1e-8, 1e-4, 1.0])
def test_posteriors_equal_to_the_prior_may_have_another(width, rng):
    clouds = [
        LatentCloud(
            width * rng.standard_normal((200, 8)), z_log_var=width * rng.standard_normal((200, 8))
        )
        for _ in range(3)
    ]
    function = claim(
        "ae_to_vae/test_the_choice_of_prior_is_arbitrary.py",
        "test_another_normal_prior_does_as_well",
    )

    assert outcome(function, {"model": SimulatedModel.of(clouds)}, rng) == "supported"


@pytest.mark.parametrize(
    ("apart", "expected"), [(0.0, NOT_APPLICABLE), (3.0, "supported")], ids=["heap", "classes"]
)
@pytest.mark.parametrize(
    ("file", "name"),
    [
        (
            "ae_to_vae/test_noise_and_divergence_are_each_needed.py",
            "test_noise_and_divergence_are_each_needed_for_even_classes",
        ),
        (
            "ae_to_vae/test_the_vae_evens_out_its_classes.py",
            "test_the_vae_has_classes_of_more_even_size",
        ),
    ],
    ids=["D-19", "D-14"],
)
def test_a_heap_of_all_classes_is_not_taken_for_even_ones(file, name, apart, expected, rng):
    labels = np.arange(1000) % 10

    def classes(variation):
        widths = np.sqrt(1 + variation * np.resize([1, -1], 10))[labels]
        codes = widths[:, None] * rng.standard_normal((1000, 2))
        place = apart if variation == 0 else 3.0
        return LatentCloud(codes + place * labels[:, None], labels=labels)

    found = {
        even: SimulatedModel.of([classes(0.0 if even else 0.7) for _ in range(5)])
        for even in (True, False)
    }
    arguments = {"models": lambda model: found[model == "mnist_vae_2d"]}

    assert outcome(claim(file, name), arguments, rng) == expected


@pytest.mark.parametrize(
    ("offset", "copies", "expected"),
    [(10.0, False, "supported"), (0.0, True, "supported"), (0.0, False, "refuted")],
    ids=["one code for all images", "one trait 200 times", "200 traits"],
)
def test_a_code_tells_no_more_than_its_images_differ(offset, copies, expected, rng):
    d, noise = 200, 0.25
    share = 0.0 if offset else 1 - noise
    structure = np.ones((d, d)) if copies else np.eye(d)
    bits = np.full(d, (share + offset**2 - np.log(1 - share)) / 2)
    if not offset:
        bits = np.full(d, -np.log(noise) / 2)
    measured = {
        "kl_per_dimension": bits,
        "kl_per_image": np.full(500, bits.sum()) * (1 + 0.1 * rng.standard_normal(500)),
        "variance_of_means": np.full(d, share),
        "posterior_variance": np.full(d, 1 - share),
    }
    cloud = LatentCloud(
        np.zeros((2, d)), full_mean=np.full(d, offset), full_covariance=share * structure
    )
    replicates = [SimulatedReplicate(cloud, cloud, measured={"train": measured}) for _ in range(5)]
    function = claim(
        "vae_dimension/test_a_code_carries_few_traits.py",
        "test_a_code_carries_fewer_than_a_hundred_traits",
    )

    assert outcome(function, {"model": SimulatedModel(replicates)}, rng) == expected


@pytest.mark.parametrize(
    ("width", "expected"),
    [(0.0, NOT_APPLICABLE), (0.1, NOT_APPLICABLE), (1.75, "supported")],
)
def test_a_shell_thinner_than_the_bins_has_no_peak(width, expected, rng):
    clouds = []
    for _ in range(5):
        codes = rng.standard_normal((1000, 64))
        radii = 16.5 + width * rng.standard_normal((1000, 1))
        clouds.append(LatentCloud(codes / np.linalg.norm(codes, axis=1)[:, None] * radii))
    function = claim(
        "high_dimensionality_ii/test_the_radius_peak_is_rough_in_fine_bins.py",
        "test_the_radius_peak_is_less_smooth_in_fine_bins",
    )

    assert outcome(function, {"model": SimulatedModel.of(clouds)}, rng) == expected


@pytest.mark.parametrize("variance", [1e-10, 1e-6, 1e-3])
def test_a_dead_component_does_not_make_others_dominant(variance, rng):
    variances = np.concatenate([np.full(5, 4.0), np.ones(58), [variance]])
    cloud = LatentCloud(np.eye(64), full_mean=np.zeros(64), full_covariance=np.diag(variances))
    gains = np.where(variances < 1, 0, 1 / np.sqrt(variances))  # equal per standard deviation
    replicates = []
    for _ in range(5):
        turn = np.linalg.qr(rng.standard_normal((64, 64)))[0]

        def decode(codes, turn=turn):
            pixels = np.clip(128 + 20 * (codes * gains) @ turn, 0, 255)
            return np.rint(pixels).astype(np.uint8).reshape(-1, 8, 8, 1)

        replicates.append(SimulatedReplicate(cloud, cloud, decode))
    function = claim(
        "beyond/test_dominant_axes_change_the_image_more_than_others.py",
        "test_dominant_axes_change_the_image_more_than_others",
    )

    assert outcome(function, {"model": SimulatedModel(replicates)}, rng) != "supported"


@pytest.mark.parametrize(
    ("twins", "expected"), [(True, NOT_APPLICABLE), (False, "refuted")], ids=["twins", "plane"]
)
def test_twins_do_not_make_a_plane_empty(twins, expected, rng):
    clouds = []
    for _ in range(5):
        codes = rng.standard_normal((1000, 2))
        if twins:
            codes[500:] = codes[:500] + 0.001 * rng.standard_normal((500, 2))
        clouds.append(LatentCloud(codes))
    function = claim(
        "high_dimensionality_ii/test_voids_have_more_volume_than_filaments.py",
        "test_voids_have_far_more_volume_than_filaments",
    )

    assert outcome(function, {"model": SimulatedModel.of(clouds)}, rng) == expected


def test_damaged_reconstructions_are_no_measure_of_faces(rng):
    def damaged(codes):
        return shown(np.full(len(codes), 100), 0.5 + 0.15 * codes[:, :STYLES])

    found = []
    for _ in range(10):
        try:
            found.append(outcome(claim(*VARIETY[0]), model_of(damaged, rng, damaged), rng))
        except ValueError:  # no ratio can be formed
            continue

    assert "supported" not in found


CORRELATED = (
    "fragmentation_vi/test_some_components_correlate_strongly.py",
    "test_some_components_correlate_strongly",
)


@pytest.mark.parametrize(
    ("share", "copies", "expected"), [(0.01, 0, "refuted"), (0, 1, "supported")]
)
def test_few_codes_far_out_do_not_correlate_components(share, copies, expected, rng):
    clouds = []
    for _ in range(5):
        codes = rng.standard_normal((500, DIMENSIONS))
        codes[: int(share * 500)] = 50 * rng.choice([-1.0, 1.0], (int(share * 500), 1))
        codes[:, :copies] = codes[:, 1 : 1 + copies]
        clouds.append(LatentCloud(codes))

    assert outcome(claim(*CORRELATED), {"model": SimulatedModel.of(clouds)}, rng) == expected


STANDARD = (
    "ae_to_vae/test_the_vae_cloud_is_centred_and_normal.py",
    "test_the_divergence_makes_codes_standard_normal",
)


def on_a_ring(rng):
    """Draw codes on a ring whose components have the moments of N(0, I) up to the third."""
    angles = rng.uniform(0, 2 * np.pi, 1000)
    return np.sqrt(2) * np.column_stack([np.cos(angles), np.sin(angles)])


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda rng: rng.standard_normal((1000, 2)), "supported"),
        (lambda rng: 5 + rng.standard_normal((1000, 2)), "refuted"),
        (lambda rng: np.repeat(rng.standard_normal((1000, 1)), 2, axis=1), "refuted"),
        (lambda rng: rng.choice([-1.0, 1.0], (1000, 2)), "refuted"),
        (on_a_ring, "refuted"),
    ],
    ids=["normal", "off the origin", "line", "heaps", "ring"],
)
def test_codes_that_share_moments_are_not_standard_normal(draw, expected, rng):
    codes = [draw(rng) + 0.05 * rng.standard_normal((1000, 2)) for _ in range(5)]
    clouds = [LatentCloud(z, z_log_var=np.full(z.shape, -12.0)) for z in codes]

    assert outcome(claim(*STANDARD), {"model": SimulatedModel.of(clouds)}, rng) == expected


STRINGS = "high_dimensionality_ii/test_filaments_are_one_dimensional.py"


@pytest.mark.parametrize(
    "name",
    [
        "test_filaments_are_one_dimensional",
        "test_codes_have_far_fewer_dimensions_than_gaussian_twins",
    ],
)
def test_twins_do_not_make_strings(name, rng):
    clouds = []
    for _ in range(5):
        codes = rng.standard_normal((400, 16))
        twins = codes[:100] + 1e-3 * rng.standard_normal((100, 16))
        clouds.append(LatentCloud(np.concatenate([codes, twins])))

    arguments = {"model": SimulatedModel.of(clouds)}

    assert outcome(claim(STRINGS, name), arguments, rng) == "refuted"


CLUSTERS = (
    "ae_to_vae/test_labels_form_gaussian_clusters.py",
    "test_each_label_is_a_gaussian_cluster",
)


@pytest.mark.parametrize(("codes_each", "apart"), [(30, 3.0), (100, 0.0)])
def test_too_few_or_equal_codes_are_no_gaussian_clusters(codes_each, apart, rng):
    labels = np.repeat(np.arange(10), codes_each)
    clouds = []
    for _ in range(5):
        heaps = rng.standard_normal((len(labels), 2)) + apart * rng.choice(
            [-0.5, 0.5], (len(labels), 1)
        )
        clouds.append(LatentCloud(10 * labels[:, None] + heaps * (apart > 0), labels=labels))

    arguments = {"model": SimulatedModel.of(clouds)}

    assert outcome(claim(*CLUSTERS), arguments, rng) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("file", "name", "given"),
    [
        (
            "beyond/test_radii_alone_do_not_hit.py",
            "test_draws_of_the_right_radius_still_miss",
            {},
        ),
        (
            "beyond/test_simple_laws_about_the_origin_miss.py",
            "test_simple_laws_about_the_origin_miss",
            {"sd": 0.5},
        ),
    ],
    ids=["X-02", "X-04"],
)
def test_draws_of_a_decoder_of_noise_do_not_miss_a_region(file, name, given, rng):
    def noise(codes):
        return shown(np.zeros(len(codes)), rng.uniform(size=(len(codes), STYLES)))

    found = []
    for _ in range(10):
        try:
            found.append(outcome(claim(file, name), model_of(noise, rng, noise) | given, rng))
        except InsufficientEvidence:  # no ratio can be formed
            found.append(NOT_APPLICABLE)

    assert "supported" not in found


def test_noise_at_the_ends_of_a_coordinate_is_no_trait(rng):
    def noise(codes):
        return shown(np.zeros(len(codes)), rng.uniform(size=(len(codes), STYLES)))

    function = claim(
        "vae_dimension/test_each_coordinate_slides_a_trait.py",
        "test_each_coordinate_slides_a_trait",
    )

    assert outcome(function, model_of(noise, rng), rng) == "refuted"


NOVELTY = (
    "ae_to_vae/test_arbitrary_coordinates_give_new_samples.py",
    "test_arbitrary_coordinates_give_new_samples",
)


def in_a_plane(decode, rng, reconstructed=clean_faces):
    """Return five trainings of normal codes of two components, and their judge of digits."""
    judge = SimulatedJudge(rng, DIGITS_CARD)
    replicates = []
    for seed in range(5):
        train, held_out = (LatentCloud(rng.standard_normal((1000, 2))) for _ in range(2))
        images = reconstructed(held_out.z_mean[references(1000)])
        replicates.append(SimulatedReplicate(held_out, train, decode, seed, images=images))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def always_noise(rng):
    """Return a decoder to noise, which no judge takes for anything."""
    return lambda codes: shown(np.zeros(len(codes)), rng.uniform(size=(len(codes), 2)))


def test_noise_off_the_codes_is_no_new_sample(rng):
    arguments = in_a_plane(always_noise(rng), rng)

    assert outcome(claim(*NOVELTY), arguments, rng) == NOT_APPLICABLE


def test_one_image_for_all_codes_cannot_be_new(rng):
    arguments = in_a_plane(always_seven, rng, always_seven)

    assert outcome(claim(*NOVELTY), arguments, rng) == NOT_APPLICABLE


def test_images_of_all_points_are_new_samples(rng):
    assert outcome(claim(*NOVELTY), in_a_plane(clean_faces, rng), rng) == "supported"


@pytest.mark.parametrize("fellows", [5, 20])
def test_clumps_do_not_make_strings(fellows, rng):
    clouds = []
    for _ in range(5):
        codes = np.repeat(rng.standard_normal((150, 16)), fellows, axis=0)
        clouds.append(LatentCloud(codes + 1e-3 * rng.standard_normal(codes.shape)))
    arguments = {"model": SimulatedModel.of(clouds)}
    function = claim(STRINGS, "test_filaments_are_one_dimensional")

    assert outcome(function, arguments, rng) == "refuted"


SPECTRA = (
    "high_dimensionality_ii/test_one_principal_component_dominates_a_flat_spectrum.py",
    "test_one_principal_component_dominates",
    "test_later_components_are_of_nearly_constant_importance",
)


def with_spectra(draw, rng):
    """Return five trainings of codes of 64 dimensions, with the covariance of others."""
    replicates = []
    for _ in range(5):
        train, held_out = (draw(rng.standard_normal((n, 64)), rng) for n in (2000, 1000))
        arrays = {"train/covariance": pack_symmetric(np.cov(train.T))}
        replicates.append(
            SimulatedReplicate(LatentCloud(held_out), LatentCloud(train), arrays=arrays)
        )
    return {"model": SimulatedModel(replicates)}


def in_a_ball(codes, rng):
    """Spread codes evenly over a ball."""
    lengths = np.linalg.norm(codes, axis=1)[:, None]
    return codes / lengths * rng.uniform(size=lengths.shape) ** (1 / 64)


def in_clusters(codes, rng):
    """Part codes into two clusters along one axis."""
    return codes + 6 * np.eye(64)[0] * rng.choice([-1, 1], (len(codes), 1))


def on_curves(codes, rng):
    """Put codes on forty closed curves, in an ellipsoid with one long axis."""
    places = np.random.default_rng(0).standard_normal((40, 2, 64))
    chosen, angles = rng.integers(0, 40, len(codes)), rng.uniform(0, 2 * np.pi, (len(codes), 1))
    ends = places[chosen]
    return (ends[:, 0] * np.cos(angles) + ends[:, 1] * np.sin(angles)) * np.r_[5, np.ones(63)]


def permuted(codes, rng):
    """Permute each component on its own, so that one long oblique axis is lost."""
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((64, 64)))[0]
    return rng.permuted(codes * np.r_[3, np.ones(63)] @ turn, axis=0)


@pytest.mark.parametrize(
    ("draw", "dominates", "constant"),
    [
        (lambda codes, _: codes, "refuted", "supported"),
        (in_a_ball, "refuted", "supported"),
        (in_clusters, "supported", "supported"),
        (on_curves, "supported", "refuted"),
        (permuted, "refuted", "supported"),
        (lambda codes, _: codes * (np.arange(64) < 40), "refuted", NOT_APPLICABLE),
        (lambda codes, _: codes[:, :1] * np.ones(64), NOT_APPLICABLE, NOT_APPLICABLE),
        (lambda codes, _: 3 + 0 * codes, NOT_APPLICABLE, NOT_APPLICABLE),
        (lambda codes, _: 3 + 1e-9 * codes, NOT_APPLICABLE, NOT_APPLICABLE),
    ],
    ids=[
        "normal",
        "ball",
        "clusters",
        "curves",
        "permuted",
        "40 components vary",
        "line",
        "constant",
        "one image",
    ],
)
def test_spectra_of_made_codes_are_told_apart(draw, dominates, constant, rng):
    file, *names = SPECTRA
    arguments = with_spectra(draw, rng)

    found = [outcome(claim(file, name), arguments, rng) for name in names]

    assert found == [dominates, constant]


def test_paths_across_gaps_are_not_seen_to_leave_the_shell(rng):
    """A limit that X-23 states: it looks at the distance from the centre alone."""
    angles = 2 * np.pi * np.arange(1000) / 10
    replicates = []
    for seed in range(5):
        radii = np.where(np.arange(1000) % 10 < 5, 1.0, 3.0)
        codes = np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
        cloud = LatentCloud(rng.permutation(codes + 0.02 * rng.standard_normal((1000, 2))))
        replicates.append(SimulatedReplicate(cloud, cloud, clean_faces, seed))
    function = claim(
        "beyond/test_straight_paths_leave_the_shell.py", "test_straight_paths_leave_the_shell"
    )
    arguments = {"model": SimulatedModel(replicates), "image_judge": lambda _: None}

    assert outcome(function, arguments, rng) != "supported"
