/* complete.h - what could stand where the cursor is; the shells' completions ask for it
 *
 * The words of the line come on stdin, never as arguments, for a password may be among them.
 * Nothing is asked, unlocked, written or said on stderr: where there is an error, there is nothing
 * to propose. */
#pragma once
#include "cli/cli.h"

/** PrcCompletion: for a #PrcCompleter. */
struct _PrcCompletion {
    const char *word; /* what has been typed of the value */
    char **arguments; /* NULL-terminated: those of the command before it */
    guint n_arguments;
    PrcOptions options;   /* those before it that have a value */
    PrcSession *session;  /* (nullable): see prc_completion_session() */
    GString *prefix;      /* what stands before @word in the shell's word: "--store=" */
    GString *candidates;  /* lines, as they are printed */
    const char *and_also; /* "words", "files", "folders": what the shell itself is to add */
};

/** prc_completion_add: @word, if it begins as what has been typed does. @description: (nullable) */
void prc_completion_add (PrcCompletion *completion, const char *word, const char *description);
/** prc_completion_descend: what is completed is the rest, behind the first @length bytes. */
void prc_completion_descend (PrcCompletion *completion, gsize length);
/** prc_completion_session: (nullable) (transfer none): of the home and the profiles that the line
 * names; reads only. */
PrcSession *prc_completion_session (PrcCompletion *completion);

/** prc_cli_complete: `proxyrc --complete MODE`. The words come on stdin, each ended by a NUL byte,
 * from the program's name up to the one with the cursor; with @is_raw, as they were typed, with
 * quotes. On stdout: "words", "files" or "folders" and, behind a tab, what those begin behind; then
 * a line for each candidate: it, a tab, and what it is. */
int prc_cli_complete (gboolean is_raw);

/* The completers: one for each kind of argument. */
void prc_complete_file (PrcCompletion *completion);
void prc_complete_folder (PrcCompletion *completion);
void prc_complete_profile (PrcCompletion *completion);     /* “direct” too */
void prc_complete_own_profile (PrcCompletion *completion); /* those that can have a credential */
void prc_complete_profile_words (PrcCompletion *completion);
void prc_complete_user (PrcCompletion *completion);
void prc_complete_tool (PrcCompletion *completion);
void prc_complete_tools (PrcCompletion *completion);
void prc_complete_tool_list (PrcCompletion *completion); /* A,B */
void prc_complete_transaction (PrcCompletion *completion);
void prc_complete_topic (PrcCompletion *completion);
void prc_complete_credential_verb (PrcCompletion *completion);
void prc_complete_file_words (PrcCompletion *completion);
void prc_complete_store (PrcCompletion *completion);
void prc_complete_format (PrcCompletion *completion);
void prc_complete_shell (PrcCompletion *completion);
void prc_complete_color (PrcCompletion *completion);
void prc_complete_duration (PrcCompletion *completion);
