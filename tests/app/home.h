/* home.h - a session in a throw-away home, for the tests of the use cases */
#pragma once
#include <glib.h>

#include "app/session.h"

/** test_session_new: in a new home; the catalogue is the one of the source tree. */
PrcSession *test_session_new (char **ret_dir);
/** test_session_again: another run in the same home. */
PrcSession *test_session_again (const char *dir, gboolean dry_run);
void test_put (const char *dir, const char *path, const char *text);
char *test_get (const char *dir, const char *path);
