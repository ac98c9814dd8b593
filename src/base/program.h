/* program.h - the other parts of this program: its helpers and its data
 *
 * They are found from where the running executable is: in the build tree, installed, or moved with
 * its whole prefix. */
#pragma once
#include <glib.h>

/**
 * prc_helper_path:
 * @name: of a program of our own, "proxyrc-probe"
 *
 * In the build tree it is BUILD/src/FOLDER/NAME; installed, PREFIX/libexec/proxyrc/NAME (install it
 * with `install_dir: helperdir`). What runs as a helper finds the others beside itself. Returns:
 * (transfer full): an absolute path; of the installed one when there is none anywhere, so that
 * running it says what is missing.
 */
char *prc_helper_path (const char *name);

/** prc_share_path: the same for a file of share/. (transfer full): an absolute path */
char *prc_share_path (const char *name);

/** prc_locale_path: the folder of the translations, as bindtextdomain() takes it. (transfer full):
 * an absolute path */
char *prc_locale_path (void);

/** prc_helper_path_from, prc_share_path_from, prc_locale_path_from: as above, for the executable
 * @self ((nullable): unknown). */
char *prc_helper_path_from (const char *self, const char *name);
char *prc_share_path_from (const char *self, const char *name);
char *prc_locale_path_from (const char *self);

/** prc_program_path: the program `proxyrc` itself, as others are to call it, also when one of its
 * helpers is what runs. (transfer full) (nullable): not known */
char *prc_program_path (void);
char *prc_program_path_from (const char *self);
