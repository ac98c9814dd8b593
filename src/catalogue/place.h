/* place.h - whose files: a home, a root, and the variables that move paths */
#pragma once
#include <glib.h>

/**
 * PrcPlace: @home and @root are absolute without a final '/'; @root is "" for the machine itself.
 * @env is NULL when the caller's own variables must not count (--home, --root).
 */
typedef struct {
    char *home;
    char *root;
    char *shell; /* the user's login shell's base name: "bash", "zsh", "fish", "tcsh", "sh" … */
    char **env;  /* (nullable): NAME=VALUE, as of environ */
} PrcPlace;

void prc_place_clear (PrcPlace *place);

/** prc_place_is_inside: the absolute @path names the root or something below it. */
gboolean prc_place_is_inside (const PrcPlace *place, const char *path);

/** prc_place_path_inside: @path as programs inside the root name it: what files there may say.
 * (transfer none): a part of @path */
const char *prc_place_path_inside (const PrcPlace *place, const char *path);

/** prc_place_getenv: (nullable): NULL also for an empty value. */
const char *prc_place_getenv (const PrcPlace *place, const char *name);

/**
 * prc_place_expand:
 * @template: an absolute path with `~` at the start, `${NAME}` (no such place when NAME is unset or
 * empty),
 *   `${NAME:-default}` (default may start with `~`), `${NAME[]:-a:b}` (each of a colon-separated
 * list),
 *   `${prefix:PROGRAM}` (the folder above the one that PROGRAM, followed through symlinks, lies
 * in), and `*` in the last component
 *
 * Returns: (transfer full): the paths that it stands for, in order, none when there is no such
 * place; those with `*` are existing files in lexical order. Paths lie inside the root.
 */
char **prc_place_expand (const PrcPlace *place, const char *path_template);

/** prc_place_show: @path as people write it: `~` for the home. (transfer full) */
char *prc_place_show (const PrcPlace *place, const char *path);

/** prc_place_find_program: (nullable) (transfer full): in PATH (of the environment, else the usual
 * folders), inside the root. */
char *prc_place_find_program (const PrcPlace *place, const char *program);
