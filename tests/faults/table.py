"""The table of docs/faults.md: `python -m tests.faults.table` writes it anew."""

from itertools import groupby
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "docs" / "faults.md"
BEGIN = "<!-- tests/faults/table.py -->\n"

CLOUDS, FILES, RUNS, PROCESSES, FOREIGN, REPORT = (
    "Codes",
    "Stored files",
    "Faults while it runs",
    "Processes, folders and exit statuses",
    "Files from elsewhere",
    "Text in the report",
)
ODD = "faults/test_clouds.py::test_a_statistic_of_odd_codes_is_finite_or_explains_itself"
NOTHING = "faults/test_clouds.py::test_a_cloud_of_nothing_is_refused"
CUT = "faults/test_files.py::test_a_cut_file_is_refused_by_name"
FLIPPED = "faults/test_files.py::test_a_flipped_byte_is_refused_or_changes_nothing"
LAYER = "faults/test_foreign.py::test_a_layer_that_runs_code_or_reads_files_is_refused"
ELSE = "faults/test_foreign.py::test_what_is_something_else_is_refused"
HOSTILE = "faults/test_hostile.py::test_"
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
        "radii, moments, neighbours, shuffles and A-02 make no matrix of 34 GB; what needs one "
        "says so",
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
        "refused before it is built",
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
        "refused by name; written anew once it is gone",
        "faults/test_runs.py::test_a_run_with_a_cut_results_file_names_it_and_leaves_it",
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
        PROCESSES,
        "a working directory that holds numpy.py, pytest.py or threading.py",
        "claims, their workers and commands run none of it",
        "faults/test_processes.py::test_claims_run_no_module_of_the_working_directory",
    ),
    (
        PROCESSES,
        "the same with `python -m aelatent`",
        "no module of it runs but one that is named aelatent",
        "faults/test_processes.py::test_the_command_runs_no_module_of_the_working_directory",
    ),
    (
        PROCESSES,
        "a description's folder that holds a module named like an installed one",
        "not run, unless the description names it",
        "audit/test_user_code.py::test_a_library_is_not_taken_from_the_folder",
    ),
    (
        PROCESSES,
        "a description that names a module whose name Python uses",
        "refused, with what to do",
        "audit/test_user_code.py::test_a_named_module_that_is_another_one_is_refused",
    ),
    (
        PROCESSES,
        "PYTEST_ADDOPTS, PYTEST_PLUGINS and plugins of the environment",
        "no audit notices them",
        "faults/test_processes.py::test_claims_get_no_options_and_plugins_of_the_users",
    ),
    (
        PROCESSES,
        "OMP_NUM_THREADS that is no number",
        "counts as not set",
        "faults/test_processes.py::test_a_number_of_threads_that_makes_no_sense_is_none",
    ),
    (
        PROCESSES,
        "KERAS_BACKEND that Keras does not know",
        "one line, status 2",
        "faults/test_processes.py::test_a_backend_that_keras_does_not_know_is_named",
    ),
    (
        PROCESSES,
        "AELATENT_DATA, AELATENT_CACHE or XDG_CACHE_HOME that names nobody's home",
        "one line, status 2",
        "data/test_location.py::test_a_home_of_nobody_is_refused_by_name",
    ),
    (
        PROCESSES,
        "no home",
        "one line that says what to set; nothing where AELATENT_DATA is set",
        "data/test_location.py::test_without_a_home_the_users_own_folder_is_enough",
    ),
    (
        PROCESSES,
        "an encoding of the terminal that lacks a letter",
        "the letter is escaped",
        "faults/test_processes.py::test_what_the_terminal_cannot_show_is_escaped",
    ),
    (
        PROCESSES,
        "an output that is full or closed",
        "one line or nothing, status 2 or 0, no traceback",
        "faults/test_processes.py::test_an_output_that_takes_nothing_gives_no_traceback",
    ),
    (
        PROCESSES,
        "no permission, a full disk, a folder deleted meanwhile, no memory",
        "one line, status 2",
        "faults/test_processes.py::test_what_the_system_refuses_is_one_line",
    ),
    (
        PROCESSES,
        "`os._exit` in a module or function, with any status",
        "status 2 and no report",
        "faults/test_processes.py::test_a_command_that_code_ends_early_is_none",
    ),
    (
        PROCESSES,
        "`sys.exit` while a module is imported",
        "an error that names it",
        "audit/test_user_code.py::test_a_module_that_ends_the_process_is_an_error",
    ),
    (
        PROCESSES,
        "`sys.exit` in a function",
        "an error that names it",
        "audit/test_user_code.py::test_a_function_that_ends_the_process_is_an_error",
    ),
    (
        PROCESSES,
        "a function that forks",
        "the child ends with the call",
        "audit/test_user_code.py::test_a_child_that_code_forks_ends_with_the_code",
    ),
    (
        PROCESSES,
        "a function that never returns",
        "an error that names it after `call_seconds`",
        "audit/test_user_code.py::test_a_call_that_never_returns_is_named",
    ),
    (
        PROCESSES,
        "a module that never ends",
        "the same",
        "audit/test_user_code.py::test_a_module_that_never_ends_is_named",
    ),
    (
        PROCESSES,
        "claims that a library holds for ever",
        "stopped after a quarter of an hour",
        "faults/test_processes.py::test_claims_that_say_nothing_for_long_are_stopped",
    ),
    (
        PROCESSES,
        "a process that a function left behind with the output",
        "not waited for",
        "faults/test_processes.py::test_a_process_that_holds_the_output_open_is_not_waited_for",
    ),
    (
        PROCESSES,
        "SIGTERM, SIGKILL or SIGINT of an audit",
        "its claims end with it",
        "faults/test_processes.py::test_claims_end_with_the_audit",
    ),
    (
        PROCESSES,
        "an audit into a folder of the user's",
        "refused before any code runs",
        "faults/test_processes.py::test_an_audit_leaves_the_users_folder_alone",
    ),
    (
        PROCESSES,
        "claims whose report has a folder of the user's",
        "refused before any claim runs",
        "faults/test_runs.py::test_a_folder_of_somebody_else_gets_no_report",
    ),
    (
        PROCESSES,
        "a page of a report that somebody changed",
        "stays, status 3",
        "faults/test_runs.py::test_a_file_that_somebody_changed_is_not_replaced",
    ),
    (
        PROCESSES,
        "files of others beside a report",
        "stay",
        "faults/test_runs.py::test_files_beside_the_report_stay",
    ),
    (
        PROCESSES,
        "pictures of the user's among those of an explorer",
        "stay",
        "explorer/test_sprites.py::test_earlier_pictures_go_when_the_new_pages_are_there",
    ),
    (
        PROCESSES,
        "a link out of a report's folder",
        "not followed",
        "runtime/test_owned_folder.py::test_a_link_out_of_the_folder_is_not_followed",
    ),
    (
        PROCESSES,
        "two audits, or two explorers, in one folder",
        "the second is refused, by name",
        "runtime/test_owned_folder.py::test_a_second_process_is_told_that_a_folder_is_taken",
    ),
    (
        PROCESSES,
        "two runs of claims on one report",
        "each writes its own when it is whole",
        "faults/test_runs.py::test_two_runs_at_once_on_one_cache_agree",
    ),
    (
        PROCESSES,
        "an audit that fails while it writes",
        "the report of before stays",
        "runtime/test_owned_folder.py::test_a_failure_leaves_what_was_there",
    ),
    (
        PROCESSES,
        "SIGKILL while a file is written",
        "nothing of it is left (Linux)",
        "runtime/test_owned_folder.py::test_a_process_killed_while_it_writes_leaves_nothing",
    ),
    (
        PROCESSES,
        "hidden files that a killed process left",
        "deleted by the next one",
        "runtime/test_owned_folder.py::test_remains_of_a_killed_process_are_removed",
    ),
    (
        PROCESSES,
        "a file system without locks",
        "a warning",
        "runtime/test_owned_folder.py::test_a_file_system_without_locks_costs_a_warning",
    ),
    (
        PROCESSES,
        "`--html` or `--output` that names a file of the user's",
        "refused; only pages of ours are replaced",
        "faults/test_processes.py::test_a_page_takes_the_place_of_no_other_file",
    ),
    (
        PROCESSES,
        "a list of files in a folder from elsewhere that names files beyond it",
        "those stay",
        "runtime/test_owned_folder.py::test_a_list_cannot_name_files_elsewhere",
    ),
    (
        PROCESSES,
        "pytest-asyncio installed and not set up",
        "no run of this project breaks",
        "faults/test_processes.py::test_an_asyncio_plugin_that_warns_breaks_no_run",
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
        FOREIGN,
        "usual models: convolutions, recurrences, shared layers, mixed precision",
        "loaded, and compute what they did",
        HOSTILE + "usual_models_are_loaded_as_they_were",
    ),
    (
        FOREIGN,
        "a name on the list that Keras gives to two things",
        "is seen by a test",
        HOSTILE + "every_name_on_the_list_is_one_class_of_keras",
    ),
    (
        FOREIGN,
        "an operation of Keras that calls functions (`Cond`, `Switch`, `WhileLoop`, `Map`)",
        "refused by name: what a `.keras` file may name is on a list",
        HOSTILE + "an_operation_that_calls_functions_is_refused",
    ),
    (
        FOREIGN,
        "a function of Keras with arguments, such as one that writes a file or downloads",
        "refused by name, unless it is an activation",
        HOSTILE + "a_function_that_is_no_activation_is_refused",
    ),
    (
        FOREIGN,
        "a name that reaches through modules, or is no text",
        "refused",
        HOSTILE + "a_name_that_reaches_through_modules_is_refused",
    ),
    (
        FOREIGN,
        "an operation on numbers of the file alone, which Keras would work out while loading",
        "refused",
        HOSTILE + "a_call_on_numbers_of_the_file_is_refused",
    ),
    (
        FOREIGN,
        "units beyond the weights that there are, odd datatypes, lists for names",
        "refused by name",
        HOSTILE + "an_odd_configuration_is_refused",
    ),
    (
        FOREIGN,
        "a configuration that is no JSON, or nested without end",
        "refused by name",
        HOSTILE + "a_configuration_that_is_no_json_is_refused",
    ),
    (
        FOREIGN,
        "damaged compression of weights",
        "refused by name",
        HOSTILE + "weights_that_do_not_unpack_are_refused",
    ),
    (
        FOREIGN,
        "a model without an input shape",
        "named",
        HOSTILE + "a_model_without_an_input_shape_is_named",
    ),
    (
        FOREIGN,
        "a layer that returns gigabytes for a batch",
        "refused by name",
        HOSTILE + "a_layer_that_returns_gigabytes_is_refused",
    ),
    (
        FOREIGN,
        "weights in HDF5 that go in a circle, hold text, records or gigabytes of nothing",
        "refused in a moment",
        HOSTILE + "odd_weights_are_refused_in_a_moment",
    ),
    (
        FOREIGN,
        "an archive packed by bzip2 or LZMA, a kilobyte of which may hold gigabytes",
        "refused unread",
        "faults/test_limits.py::test_a_method_that_unpacks_all_at_once_is_refused",
    ),
    (
        FOREIGN,
        "a member of an archive that holds more than its entry says",
        "no more is unpacked; refused",
        "faults/test_limits.py::test_no_more_is_unpacked_than_an_archive_promises",
    ),
    (
        FOREIGN,
        "an array in a configuration of Keras whose letters or records are megabytes long",
        "refused",
        "faults/test_limits.py::test_an_array_of_a_configuration_holds_plain_numbers",
    ),
    (
        FOREIGN,
        "a call of a layer with a million arguments",
        "refused",
        "faults/test_limits.py::test_a_call_with_a_million_arguments_is_refused",
    ),
    (
        FOREIGN,
        "a layer that pools, pads or splits by a billion",
        "refused",
        "faults/test_limits.py::test_a_layer_that_reaches_too_far_is_refused",
    ),
    (
        FOREIGN,
        "a layer of normalisation that spreads one number over gigabytes",
        "refused",
        "faults/test_limits.py::test_normalisation_spreads_no_number_over_gigabytes",
    ),
    (
        FOREIGN,
        "gigabytes that a shared or wrapped layer, or attention, makes inside a model",
        "refused by name",
        "faults/test_limits.py::test_what_a_model_makes_inside_is_looked_at",
    ),
    (
        FOREIGN,
        "a Keras model that takes hours to load",
        "stopped after 300 s",
        "faults/test_limits.py::test_a_model_that_takes_long_to_load_is_stopped",
    ),
    (
        FOREIGN,
        "a Keras model of endless steps",
        "stopped after 300 s a batch, between two steps",
        "faults/test_limits.py::test_a_keras_model_that_takes_long_is_stopped",
    ),
    (
        FOREIGN,
        "an ONNX model of a million operators, which onnxruntime takes many minutes to open",
        "refused",
        "faults/test_limits.py::test_an_onnx_model_of_too_many_operators_is_refused",
    ),
    (
        FOREIGN,
        "names of files, in `aelatent init`, that hold lines of YAML or escape characters",
        "passed over",
        "cli/test_init.py::test_names_that_mean_something_else_are_passed_over",
    ),
    (
        FOREIGN,
        "modules nested a thousand deep and headers that make no sense, in `aelatent init`",
        "passed over",
        "cli/test_init.py::test_files_that_make_no_sense_are_passed_over",
    ),
    (
        FOREIGN,
        "a link in the place of the description that `aelatent init` writes",
        "replaced, not followed",
        "cli/test_init.py::test_a_link_is_not_written_through",
    ),
    (
        FOREIGN,
        "`yes`, `010`, `5:00` and merged keys, which YAML reads as something else",
        "refused, with the line",
        "faults/test_hostile.py::test_an_odd_description_is_refused_in_a_moment",
    ),
    (
        FOREIGN,
        "thousands of replicates of one file of codes",
        "refused where memory has no room for all",
        "faults/test_limits.py::test_replicates_that_memory_has_no_room_for_are_refused",
    ),
    (
        FOREIGN,
        "a FIFO, or a file larger than memory, among MNIST, CelebA or LFW",
        "refused by name",
        "data/test_source.py::test_a_fifo_or_a_file_beyond_memory_is_refused_at_once",
    ),
    (
        FOREIGN,
        "an idx file that unpacks to gigabytes",
        "refused",
        "data/test_source.py::test_an_idx_file_that_unpacks_to_gigabytes_is_refused",
    ),
    (
        FOREIGN,
        "a sparse photograph of gigabytes in an archive of LFW",
        "refused",
        "data/test_source.py::test_a_photograph_of_gigabytes_in_an_archive_is_refused",
    ),
    (
        FOREIGN,
        "labels of LFW without columns or numbers",
        "refused",
        "data/test_source.py::test_labels_without_their_columns_are_refused",
    ),
    (
        FOREIGN,
        "a JPEG of hundreds of scans, which takes half a minute",
        "refused",
        "data/test_photograph.py::test_a_jpeg_of_hundreds_of_scans_is_refused",
    ),
    (
        FOREIGN,
        "codes that are complex, dates, text, records or objects",
        "refused, with their kind",
        HOSTILE + "arrays_that_are_no_numbers_are_refused",
    ),
    (
        FOREIGN,
        "a network that returns complex numbers, dates, text, or integers for codes",
        "refused, with their kind",
        HOSTILE + "codes_that_are_no_real_numbers_are_refused",
    ),
    (
        FOREIGN,
        "a member of an `.npz` that is no array",
        "refused",
        HOSTILE + "a_member_that_is_no_array_is_refused",
    ),
    (
        FOREIGN,
        "a header of an array that makes no sense",
        "refused",
        HOSTILE + "a_nonsensical_header_is_refused",
    ),
    (
        FOREIGN,
        "the last of many arrays is none",
        "refused before any is read",
        HOSTILE + "headers_are_looked_at_before_arrays_are_read",
    ),
    (
        FOREIGN,
        "a file larger than half of the memory that is left",
        "refused unread",
        HOSTILE + "a_file_larger_than_memory_is_refused_unread",
    ),
    (
        FOREIGN,
        "thousands of arrays or faults",
        "named within a screen",
        HOSTILE + "many_arrays_are_named_within_a_screen",
    ),
    (
        FOREIGN,
        "a FIFO or a device as codes, model, description or results",
        "refused at once",
        HOSTILE + "what_is_no_file_on_a_disk_is_refused_at_once",
    ),
    (FOREIGN, "a FIFO among images", "passed over", HOSTILE + "fifos_among_images_are_passed_over"),
    (
        FOREIGN,
        "a description with tags, impossible dates, numbers of thousands of digits, 30,000 "
        "brackets, keys twice, control characters",
        "refused by name",
        HOSTILE + "an_odd_description_is_refused_in_a_moment",
    ),
    (
        FOREIGN,
        "a path of a user who does not exist, or with a zero byte",
        "refused by name",
        HOSTILE + "a_path_that_nobody_has_is_refused",
    ),
    (
        FOREIGN,
        "results of which a field of any claim is of another kind, in `diff` and `history`",
        "refused, with its place",
        HOSTILE + "a_field_of_another_kind_is_refused_in_diff_and_history",
    ),
    (
        FOREIGN,
        "results with 1e999, NaN or integers of thousands of digits",
        "refused",
        HOSTILE + "a_number_that_is_none_is_refused",
    ),
    (
        FOREIGN,
        "an audit of which a field that is compared is of another kind",
        "refused, with its place",
        HOSTILE + "an_audit_with_a_field_of_another_kind_is_refused",
    ),
    (
        FOREIGN,
        "an escape character in a result",
        "does not reach the terminal",
        HOSTILE + "an_escape_character_in_a_result_does_not_reach_the_terminal",
    ),
    (
        FOREIGN,
        "an ONNX loop without end",
        "stopped after 300 s a batch",
        HOSTILE + "an_onnx_loop_without_end_is_stopped",
    ),
    (
        FOREIGN,
        "an ONNX model that asks for gigabytes while it runs",
        "is refused them",
        HOSTILE + "an_onnx_model_that_asks_for_gigabytes_is_refused_them",
    ),
    (
        FOREIGN,
        "an ONNX tensor larger than memory, dense or sparse",
        "refused unread",
        HOSTILE + "onnx_tensors_larger_than_memory_are_refused_unread",
    ),
    (
        FOREIGN,
        "ONNX functions that call themselves",
        "refused by name",
        HOSTILE + "onnx_functions_that_call_themselves_are_refused",
    ),
    (
        FOREIGN,
        "ONNX functions that grow to a million operators",
        "refused",
        HOSTILE + "onnx_functions_that_grow_are_refused",
    ),
    (
        FOREIGN,
        "an ONNX model of odd inputs",
        "refused, or of any size",
        HOSTILE + "odd_shapes_of_an_onnx_input_are_refused_or_free",
    ),
    (
        FOREIGN,
        "an ONNX model that returns text or no tensors",
        "refused",
        HOSTILE + "odd_outputs_of_an_onnx_model_are_refused",
    ),
    (
        FOREIGN,
        "models within models that call each other without end",
        "refused",
        HOSTILE + "models_within_models_that_double_are_refused",
    ),
    (
        FOREIGN,
        "layers in an order that takes Keras hours",
        "refused",
        HOSTILE + "layers_before_their_inputs_are_refused",
    ),
    (
        FOREIGN,
        "an ONNX model that works on text",
        "refused",
        HOSTILE + "an_onnx_model_of_text_is_refused",
    ),
    (
        FOREIGN,
        "an output's name with escape characters",
        "replaced by its place",
        HOSTILE + "a_name_that_a_terminal_cannot_show_becomes_its_place",
    ),
    (
        FOREIGN,
        "an array of 10^12 rows of nothing",
        "refused",
        HOSTILE + "an_array_of_endless_nothing_is_refused",
    ),
    (
        FOREIGN,
        "codes without a dimension",
        "refused",
        HOSTILE + "codes_without_a_dimension_are_refused",
    ),
    (
        FOREIGN,
        "codes beyond single precision",
        "refused, as infinity",
        HOSTILE + "codes_beyond_single_precision_are_refused",
    ),
    (
        FOREIGN,
        "labels of another shape or kind",
        "refused, with both",
        HOSTILE + "labels_of_another_shape_are_refused",
    ),
    (
        FOREIGN,
        "images that are none: one number, no pixels",
        "refused",
        HOSTILE + "images_that_are_none_are_refused",
    ),
    (
        FOREIGN,
        "a folder of more images than memory has room for",
        "refused, with their number",
        HOSTILE + "images_larger_than_memory_are_refused",
    ),
    (
        FOREIGN,
        "a sampler that draws no numbers",
        "refused when it is loaded",
        HOSTILE + "a_sampler_that_draws_no_numbers_is_refused",
    ),
    (
        FOREIGN,
        "results of gigabytes",
        "refused unread",
        HOSTILE + "results_of_gigabytes_are_refused_unread",
    ),
    (
        FOREIGN,
        "an archive of thousands of files, or of one file twice",
        "looked through in a moment; refused",
        HOSTILE + "an_archive_of_thousands_of_files_is_looked_through_at_once",
    ),
    (
        FOREIGN,
        "random descriptions",
        "read or refused within a second and 512 MB; ten times as many in `make nightly`",
        "faults/test_fuzzing.py::test_any_description_is_read_or_refused",
    ),
    (
        FOREIGN,
        "random arrays, archives and headers",
        "the same",
        "faults/test_fuzzing.py::test_any_array_is_read_or_refused",
    ),
    (
        FOREIGN,
        "random configurations of Keras",
        "the same",
        "faults/test_fuzzing.py::test_any_configuration_of_keras_is_loaded_or_refused",
    ),
    (
        FOREIGN,
        "random weights and archives of Keras",
        "the same",
        "faults/test_fuzzing.py::test_any_weights_are_loaded_or_refused",
    ),
    (
        FOREIGN,
        "random results",
        "the same",
        "faults/test_fuzzing.py::test_any_results_are_compared_or_refused",
    ),
    (
        FOREIGN,
        "random audits",
        "the same",
        "faults/test_fuzzing.py::test_any_audit_is_compared_or_refused",
    ),
    (
        FOREIGN,
        "random ONNX files",
        "the same",
        "faults/test_fuzzing.py::test_any_onnx_file_is_run_or_refused",
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
