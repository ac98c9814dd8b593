/* shot.c - pictures of the running program: shot WIDTHxHEIGHT OUT.svg WAIT [KEYS WAIT]... --
 * PROGRAM...
 *
 * Runs PROGRAM in a terminal of this size, waits until the text WAIT is on the screen, types KEYS
 * (names as in action.h), and so on; then writes what stands there. OUT.txt gives text. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "terminal.h"
#include "tui/event.h"

static void
send_key (TestTerm *term, const char *name)
{
    static const struct {
        PrcKey key;
        const char *bytes;
    } special[] = {
        { PRC_KEY_UP, "\033[A" },       { PRC_KEY_DOWN, "\033[B" },
        { PRC_KEY_RIGHT, "\033[C" },    { PRC_KEY_LEFT, "\033[D" },
        { PRC_KEY_HOME, "\033[H" },     { PRC_KEY_END, "\033[F" },
        { PRC_KEY_PAGE_UP, "\033[5~" }, { PRC_KEY_PAGE_DOWN, "\033[6~" },
    };
    PrcKey key = prc_key_parse (name);
    char bytes[8] = { 0 };

    if (*name == '\'') { /* text, "_" is a blank */
        g_autofree char *text = g_strdelimit (g_strdup (name + 1), "_", ' ');

        test_term_send (term, text);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
        if (special[i].key == key) {
            test_term_send (term, special[i].bytes);
            return;
        }
    if ((key & PRC_KEY_CTRL) != 0)
        bytes[0] = (char) (key & 0x1F);
    else
        (void) g_unichar_to_utf8 (key, bytes);
    test_term_send (term, bytes);
}

int
main (int argc, char **argv)
{
    TestTerm *term = NULL;
    g_autofree char *picture = NULL;
    int width = 0, height = 0, program = 1;

    while (program < argc && strcmp (argv[program], "--") != 0)
        program++;
    if (program + 1 >= argc || program < 4 || sscanf (argv[1], "%dx%d", &width, &height) != 2) {
        fprintf (stderr, "use: shot WIDTHxHEIGHT OUT.svg WAIT [KEYS WAIT]... -- PROGRAM...\n");
        return 2;
    }
    term = test_term_new (width, height, (const char *const *) argv + program + 1,
                          (const char *const *) environ);
    for (int i = 3; i < program; i++) {
        test_term_wait (term, argv[i]);
        if (++i < program) {
            g_auto (GStrv) names = g_strsplit (argv[i], " ", -1);

            for (char **name = names; *name != NULL; name++) {
                send_key (term, *name);
                (void) test_term_read (term, 60);
            }
        }
    }
    (void) test_term_read (term, 300);
    picture = g_str_has_suffix (argv[2], ".svg") ? test_term_svg (term) : test_term_text (term);
    test_term_free (term);
    return g_file_set_contents (argv[2], picture, -1, NULL) ? 0 : 1;
}
