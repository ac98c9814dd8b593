/* screen.h - the whole ui on a throw-away machine, without a terminal: keys in, screens out
 *
 * A test plays a story: test_screen_new(), files with test_put(), test_keys(), test_golden().
 * Goldens are in tests/tui/goldens; PRC_TEST_REGENERATE=1 writes them anew. Nothing waits for a
 * time: test_settle() waits until no job runs. */
#pragma once
#include <glib.h>

#include "tui/grid.h"
#include "tui/ui.h"

typedef struct {
    char *root; /* of the machine: nothing of the real one is seen */
    char *home; /* ROOT/home/jdoe */
    PrcUi *ui;
    PrcGrid *grid;
    GString *edited; /* what $EDITOR was asked to open, "PATH:LINE\n" */
    guint n_suspended;
    PrcGlyphSet glyphs; /* set it before test_start(); Unicode at first, whatever the locale is */
} TestScreen;

/** test_screen_new: an empty home; nothing is open yet. */
TestScreen *test_screen_new (void);
void test_screen_free (TestScreen *screen);
/** test_put: a file in the home, or on the machine when @path is absolute; its folders are made. */
void test_put (const TestScreen *screen, const char *path, const char *text);
/** test_get: (nullable): a file's text. */
char *test_get (const TestScreen *screen, const char *path);
/** test_start: opens the ui in this size and waits until it is at rest. Only once in a test. */
void test_start (TestScreen *screen, int width, int height);

/**
 * test_keys: names as in action.h, blank-separated: "Down Enter C-l"; "'text" types what is behind
 * the quote, "_" being a blank. After each key the ui comes to rest.
 */
void test_keys (TestScreen *screen, const char *keys);
/** test_type: each character of @text as a key. */
void test_type (TestScreen *screen, const char *text);
void test_paste (TestScreen *screen, const char *text);
void test_mouse (TestScreen *screen, PrcEventType type, int x, int y, int amount);
/** test_settle: until no job runs and nothing is to be drawn. */
void test_settle (TestScreen *screen);
/** test_dump: (transfer full): the screen, paths on the machine without ROOT. */
char *test_dump (TestScreen *screen, gboolean looks);

/** test_golden: the screen is that of tests/tui/goldens/NAME.txt, the cursor too. What is another
 * one each time stands there as one that is as long: dates, ports of 127.0.0.1, and milliseconds.
 */
void test_golden (TestScreen *screen, const char *name);
/** test_goldens: in four sizes: NAME-80x24, NAME-120x40, NAME-40x12 and NAME-20x5. */
void test_goldens (TestScreen *screen, const char *name);
/** test_see: @text stands somewhere on the screen; else it fails and shows the screen. */
#define test_see(screen, text) test_see_at (screen, text, TRUE, __FILE__, __LINE__)
#define test_see_no(screen, text) test_see_at (screen, text, FALSE, __FILE__, __LINE__)
void test_see_at (TestScreen *screen, const char *text, gboolean is_wanted, const char *file,
                  int line);
