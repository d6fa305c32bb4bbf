"""The table of docs/faults.md: `python -m tests.faults.table` writes it anew."""

from itertools import groupby
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "docs" / "faults.md"
BEGIN = "<!-- tests/faults/table.py -->\n"

CLOUDS, FILES, RUNS, FOREIGN, REPORT = (
    "Codes",
    "Stored files",
    "Faults while it runs",
    "Files from elsewhere",
    "Text in the report",
)
ODD = "faults/test_clouds.py::test_a_statistic_of_odd_codes_is_finite_or_explains_itself"
NOTHING = "faults/test_clouds.py::test_a_cloud_of_nothing_is_refused"
CUT = "faults/test_files.py::test_a_cut_file_is_refused_by_name"
FLIPPED = "faults/test_files.py::test_a_flipped_byte_is_refused_or_changes_nothing"
LAYER = "faults/test_foreign.py::test_a_layer_that_runs_code_or_reads_files_is_refused"
ELSE = "faults/test_foreign.py::test_what_is_something_else_is_refused"
FINITE = "every statistic gives finite numbers, or says what it expected"

# What goes wrong, what happens, and the test that shows it.
CASES = [
    (CLOUDS, "NaN, infinity, overflow of float16", "refused", NOTHING),
    (CLOUDS, "one code, none, no dimension, another shape", "refused", NOTHING),
    (CLOUDS, "two codes", FINITE, ODD),
    (CLOUDS, "fewer codes than dimensions", FINITE, ODD),
    (CLOUDS, "one dimension", FINITE, ODD),
    (CLOUDS, "a constant dimension", FINITE, ODD),
    (CLOUDS, "all codes equal", FINITE, ODD),
    (CLOUDS, "every code twice", FINITE, ODD),
    (CLOUDS, "a scale of a million, of a millionth, both at once", FINITE, ODD),
    (
        CLOUDS,
        "65,536 dimensions",
        "no matrix of 34 GB is made where none is needed",
        "faults/test_clouds.py::test_65536_dimensions_make_no_matrix_by_accident",
    ),
    (
        CLOUDS,
        "labels or groups of another length",
        "refused, with both lengths",
        "faults/test_clouds.py::test_labels_of_the_wrong_length_are_refused",
    ),
    (
        CLOUDS,
        "NaN or infinity in a file larger than memory",
        "refused, with row and block",
        "latent/test_npy_chunks.py::test_a_code_that_is_not_finite_is_named_with_its_row",
    ),
    (
        CLOUDS,
        "such a file is cut, also while it is read",
        "refused by name, with the block",
        "latent/test_npy_chunks.py::test_a_file_cut_while_read_is_named_with_the_chunk",
    ),
    (FILES, "cut to nothing, a tenth, a half, nine tenths", "refused by name", CUT),
    (FILES, "a byte flipped at forty places", "refused by name, or nothing changes", FLIPPED),
    (
        FILES,
        "missing",
        "named, with what to run",
        "faults/test_files.py::test_a_missing_file_is_named",
    ),
    (
        FILES,
        "unreadable",
        "refused by name",
        "faults/test_files.py::test_a_folder_in_the_place_of_a_file_is_refused_by_name",
    ),
    (
        FILES,
        "from a newer schema",
        "refused, with both numbers",
        "faults/test_files.py::test_a_file_from_a_newer_schema_is_refused",
    ),
    (
        FILES,
        "two replicates swapped",
        "refused by their digests",
        "faults/test_files.py::test_replicates_that_were_swapped_are_refused",
    ),
    (
        FILES,
        "an entry of the cache damaged",
        "worked out again",
        "faults/test_files.py::test_a_damaged_cache_costs_time_only",
    ),
    (
        FILES,
        "a checkpoint damaged",
        "trained from the start",
        "faults/test_files.py::test_a_checkpoint_that_is_a_folder_counts_as_none",
    ),
    (
        FILES,
        "YAML with unknown keys or wrong types",
        "every fault is named with its key",
        "zoo/test_specification.py::test_a_fault_is_named_with_its_file_and_key",
    ),
    (
        FILES,
        "YAML that is an alias bomb",
        "refused unread",
        "faults/test_files.py::test_an_alias_bomb_is_refused",
    ),
    (
        FILES,
        "YAML with a tag of Python",
        "refused, runs nothing",
        "faults/test_files.py::test_a_tag_of_python_runs_nothing",
    ),
    (
        FILES,
        "results cut in half when the next run begins",
        "written anew, whole",
        "faults/test_runs.py::test_a_run_with_a_cut_results_file_writes_a_whole_one",
    ),
    (
        RUNS,
        "a claim hangs",
        "an error after its time budget; the others go on",
        "faults/test_runs.py::test_a_hanging_claim_ends_with_an_error_and_others_go_on",
    ),
    (
        RUNS,
        "a claim runs out of memory, out of stack, or exits",
        "an error; the others go on",
        "faults/test_runs.py::test_a_claim_that_breaks_is_an_error_and_the_others_go_on",
    ),
    (
        RUNS,
        "SIGKILL at random moments of a claim run and of its report",
        "results are whole or of the run before; the next run completes",
        "faults/test_runs.py::test_a_killed_run_leaves_whole_results_or_none",
    ),
    (
        RUNS,
        "SIGKILL of a training",
        "goes on from its last epoch",
        "training/test_pipeline.py::test_a_killed_training_continues_from_its_last_epoch",
    ),
    (
        RUNS,
        "SIGKILL of a worker of a cluster",
        "its training goes on elsewhere; nothing finished is trained twice",
        "runtime/test_executors.py::test_a_killed_worker_costs_no_finished_training",
    ),
    (
        RUNS,
        "a training or a scenario fails",
        "the others go on; exit status 1",
        "training/test_jobs.py::test_a_replicate_that_fails_leaves_the_others_alone",
    ),
    (
        RUNS,
        "a worker of a cluster has other code",
        "refused, with both digests",
        "runtime/test_executors.py::test_a_worker_with_other_code_refuses",
    ),
    (
        RUNS,
        "a worker delivers a damaged replicate",
        "refused by its digest",
        "training/test_jobs.py::test_a_damaged_result_is_refused",
    ),
    (
        RUNS,
        "SIGTERM or SIGKILL of a command with --workers",
        "its processes end with it",
        "runtime/test_executors.py::test_processes_end_with_the_one_that_started_them",
    ),
    (
        RUNS,
        "two trainings of one replicate at once",
        "one waits for the other",
        "training/test_pipeline.py::test_two_processes_making_one_replicate_do_not_corrupt_it",
    ),
    (
        RUNS,
        "two runs at once, and workers, on one cache",
        "each is right",
        "faults/test_runs.py::test_two_runs_at_once_on_one_cache_agree",
    ),
    (
        RUNS,
        "a full disk",
        "an error; what was there stays",
        "faults/test_runs.py::test_a_full_disk_leaves_what_was_there",
    ),
    (
        RUNS,
        "a folder that cannot be written to",
        "an error that names it",
        "faults/test_runs.py::test_a_checkout_that_cannot_be_written_to_says_so",
    ),
    (
        RUNS,
        "a cache that cannot be written to",
        "costs only time",
        "runtime/test_cache.py::test_a_folder_that_cannot_be_written_to_costs_only_time",
    ),
    (
        RUNS,
        "sockets are forbidden",
        "nobody notices: none is opened",
        "faults/test_runs.py::test_a_claim_run_opens_no_socket",
    ),
    (
        RUNS,
        "writing outside of cache, report and fixtures",
        "does not happen",
        "faults/test_runs.py::test_a_run_writes_to_its_own_folders_only",
    ),
    (
        RUNS,
        "the same run again, with and without workers",
        "the same results bit by bit",
        "faults/test_runs.py::test_the_same_claims_give_the_same_results_bit_by_bit",
    ),
    (
        FOREIGN,
        "a Lambda layer (CVE-2024-3660)",
        "refused",
        "faults/test_foreign.py::test_a_lambda_layer_that_keras_saved_is_refused",
    ),
    (
        FOREIGN,
        "another module's function as a layer (CVE-2025-1550, CVE-2025-8747)",
        "refused",
        LAYER,
    ),
    (FOREIGN, "a configuration that switches safe mode off (CVE-2025-9906)", "refused", LAYER),
    (FOREIGN, "a vocabulary in another file (CVE-2025-12058)", "refused", LAYER),
    (
        FOREIGN,
        "an archive that climbs out of its folder",
        "refused",
        "faults/test_foreign.py::test_an_archive_that_climbs_out_of_its_folder_is_refused",
    ),
    (
        FOREIGN,
        "weights that link to other files",
        "refused",
        "faults/test_foreign.py::test_weights_that_lie_in_other_files_are_refused",
    ),
    (
        FOREIGN,
        "HDF5, also under another name (CVE-2025-9905)",
        "refused",
        "faults/test_foreign.py::test_hdf5_is_refused_whatever_its_name",
    ),
    (FOREIGN, "a pickle under another name", "refused", ELSE),
    (
        FOREIGN,
        "arrays of objects",
        "refused",
        "faults/test_foreign.py::test_arrays_of_objects_are_refused",
    ),
    (
        FOREIGN,
        "a header that promises more than there is",
        "refused unread",
        "faults/test_foreign.py::test_a_header_beyond_the_files_size_is_refused_unread",
    ),
    (
        FOREIGN,
        "a decompression bomb as a model",
        "refused unread",
        "faults/test_foreign.py::test_a_decompression_bomb_is_refused_unread",
    ),
    (
        FOREIGN,
        "a decompression bomb as arrays",
        "refused unread",
        "faults/test_files.py::test_an_archive_larger_than_memory_is_refused_unread",
    ),
    (
        FOREIGN,
        "an image of a billion pixels",
        "refused unread",
        "data/test_photograph.py::test_a_decompression_bomb_is_refused_unread",
    ),
    (
        FOREIGN,
        "a text file named .jpg, a cut image",
        "refused by name",
        "data/test_folder.py::test_a_text_file_named_jpg_is_refused_by_name",
    ),
    (
        FOREIGN,
        "an ONNX file whose weights lie outside its folder, by a path or a link",
        "refused",
        "faults/test_foreign.py::test_onnx_weights_that_climb_out_of_the_folder_are_refused",
    ),
    (
        FOREIGN,
        "an ONNX file whose weights are missing",
        "named, with where they must be",
        "faults/test_foreign.py::test_onnx_weights_that_are_missing_are_named",
    ),
    (
        FOREIGN,
        "something else under the name of an ONNX file",
        "refused",
        "faults/test_foreign.py::test_what_is_no_onnx_model_is_refused",
    ),
    (
        REPORT,
        "script tags, handlers and links in every text",
        "shown as text",
        "faults/test_texts.py::test_no_page_holds_a_tag_of_the_user",
    ),
    (
        REPORT,
        "the same, opened in a browser",
        "nothing runs, nothing is complained of",
        "faults/test_texts.py::test_a_browser_runs_nothing_of_it",
    ),
]


def table():
    """Return the cases by group, each with its test."""
    lines = [f"{len(CASES)} cases."]
    for group, cases in groupby(CASES, lambda case: case[0]):
        rows = [f"| {case} | {outcome} | `{test}` |" for _, case, outcome, test in cases]
        lines += ["", f"## {group}: {len(rows)}", "", "| case | what happens | in tests/ |"]
        lines += ["|---|---|---|", *rows]
    return "\n".join([*lines, ""])


def document():
    """Return the document with the table as it should be."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0] + BEGIN + "\n" + table()


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
