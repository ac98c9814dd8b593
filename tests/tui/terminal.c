#include "test.h"

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#define PATIENCE_MS 60000 /* loaded machines, sanitizers */

struct _TestTerm {
    pid_t pid;
    int master, slave;
    struct termios modes;
    VTerm *vt;
    VTermScreen *screen;
    GString *bytes;
    gboolean is_cursor_visible, is_alternate, has_ended, is_blind;
    int status;
};

static int
property_set (VTermProp property, VTermValue *value, void *data)
{
    TestTerm *term = data;

    if (property == VTERM_PROP_CURSORVISIBLE)
        term->is_cursor_visible = value->boolean != 0;
    if (property == VTERM_PROP_ALTSCREEN)
        term->is_alternate = value->boolean != 0;
    return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = property_set };

static void
set_size (int fd, int width, int height)
{
    const struct winsize size = { .ws_row = (unsigned short) height,
                                  .ws_col = (unsigned short) width };

    assert_int_equal (ioctl (fd, TIOCSWINSZ, &size), 0);
}

static void
new_screen (TestTerm *term, int width, int height)
{
    term->vt = vterm_new (height, width);
    vterm_set_utf8 (term->vt, 1);
    term->screen = vterm_obtain_screen (term->vt);
    vterm_screen_enable_altscreen (term->screen, 1);
    vterm_screen_set_callbacks (term->screen, &callbacks, term);
    vterm_screen_reset (term->screen, 1);
}

static void
open_terminal (TestTerm *term, int width, int height)
{
    term->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true (term->master >= 0);
    assert_int_equal (grantpt (term->master), 0);
    assert_int_equal (unlockpt (term->master), 0);
    term->slave = open (ptsname (term->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true (term->slave >= 0);
    set_size (term->slave, width, height);
    assert_int_equal (tcgetattr (term->slave, &term->modes), 0);
    new_screen (term, width, height);
    term->is_cursor_visible = TRUE;
}

TestTerm *
test_term_new (int width, int height, const char *const *argv, const char *const *environment)
{
    TestTerm *term = g_new0 (TestTerm, 1);

    term->bytes = g_string_new (NULL);
    open_terminal (term, width, height);
    fflush (NULL);
    term->pid = fork ();
    if (term->pid == 0) {
        (void) setsid ();
        (void) ioctl (term->slave, TIOCSCTTY, 0);
        for (int fd = 0; fd < 3; fd++)
            (void) dup2 (term->slave, fd);
        (void) execvpe (argv[0], (char *const *) argv, (char *const *) environment);
        _exit (127);
    }
    assert_true (term->pid > 0);
    return term;
}

gboolean
test_term_has_ended (TestTerm *term)
{
    if (!term->has_ended && waitpid (term->pid, &term->status, WNOHANG) == term->pid)
        term->has_ended = TRUE;
    return term->has_ended;
}

void
test_term_free (TestTerm *term)
{
    if (!test_term_has_ended (term)) {
        (void) kill (term->pid, SIGKILL);
        (void) waitpid (term->pid, NULL, 0);
    }
    if (term->master >= 0)
        (void) close (term->master);
    if (term->slave >= 0)
        (void) close (term->slave);
    vterm_free (term->vt);
    g_string_free (term->bytes, TRUE);
    g_free (term);
}

pid_t
test_term_pid (const TestTerm *term)
{
    return term->pid;
}

void
test_term_send (TestTerm *term, const char *bytes)
{
    gsize length = strlen (bytes);

    while (length > 0) {
        ssize_t n = write (term->master, bytes, length);

        assert_true (n > 0);
        bytes += n;
        length -= (gsize) n;
    }
}

/* The library's own way of resizing crashes in some of its versions: a new one in the same state it
 * is. */
void
test_term_resize (TestTerm *term, int width, int height)
{
    gboolean is_alternate = term->is_alternate, is_visible = term->is_cursor_visible;

    term->is_blind = FALSE;
    vterm_free (term->vt);
    new_screen (term, width, height);
    if (is_alternate)
        vterm_input_write (term->vt, "\033[?1049h", 8);
    if (!is_visible)
        vterm_input_write (term->vt, "\033[?25l", 6);
    term->is_alternate = is_alternate;
    term->is_cursor_visible = is_visible;
    set_size (term->master, width, height);
}

void
test_term_resize_blindly (TestTerm *term, int width, int height)
{
    term->is_blind = TRUE;
    set_size (term->master, width, height);
}

void
test_term_hang_up (TestTerm *term)
{
    (void) close (term->slave);
    (void) close (term->master);
    term->master = term->slave = -1;
}

gsize
test_term_read (TestTerm *term, guint ms)
{
    gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;
    gsize count = 0;

    for (;;) {
        struct pollfd fd = { term->master, POLLIN, 0 };
        gint64 left = (end - g_get_monotonic_time ()) / 1000;
        char buffer[8192];
        ssize_t n = 0;

        if (poll (&fd, 1, (int) MAX (left, 0)) <= 0)
            return count;
        n = read (term->master, buffer, sizeof buffer);
        if (n <= 0)
            return count;
        count += (gsize) n;
        g_string_append_len (term->bytes, buffer, n);
        if (!term->is_blind)
            vterm_input_write (term->vt, buffer, (size_t) n);
    }
}

char *
test_term_text (TestTerm *term)
{
    GString *out = g_string_new (NULL);
    int rows = 0, columns = 0;

    vterm_get_size (term->vt, &rows, &columns);
    for (int y = 0; y < rows; y++) {
        gsize start = out->len;

        for (int x = 0; x < columns;) {
            VTermScreenCell cell;

            (void) vterm_screen_get_cell (term->screen, (VTermPos){ y, x }, &cell);
            if (cell.chars[0] == 0)
                g_string_append_c (out, ' ');
            for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
                g_string_append_unichar (out, cell.chars[i]);
            x += MAX (cell.width, 1);
        }
        while (out->len > start && out->str[out->len - 1] == ' ')
            g_string_truncate (out, out->len - 1);
        g_string_append_c (out, '\n');
    }
    return g_string_free (out, FALSE);
}

static void
wait_for (TestTerm *term, const char *text, gboolean is_wanted)
{
    gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

    for (;;) {
        g_autofree char *shown = test_term_text (term);

        if ((strstr (shown, text) != NULL) == is_wanted)
            return;
        if (g_get_monotonic_time () > end || test_term_has_ended (term)) {
            if (test_term_read (term, 100) == 0)
                fail_msg ("“%s” did not %s:\n%s", text, is_wanted ? "come" : "go", shown);
            continue;
        }
        (void) test_term_read (term, 20);
    }
}

void
test_term_wait (TestTerm *term, const char *text)
{
    wait_for (term, text, TRUE);
}

void
test_term_wait_gone (TestTerm *term, const char *text)
{
    wait_for (term, text, FALSE);
}

int
test_term_wait_end (TestTerm *term)
{
    gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

    while (!test_term_has_ended (term)) {
        if (term->master >= 0)
            (void) test_term_read (term, 20);
        else
            g_usleep (10000);
        if (g_get_monotonic_time () > end)
            fail_msg ("the program does not end");
    }
    if (term->master >= 0)
        (void) test_term_read (term, 50);
    return term->status;
}

gboolean
test_term_find (TestTerm *term, const char *text, int *ret_x, int *ret_y)
{
    g_autofree char *shown = test_term_text (term);
    g_auto (GStrv) lines = g_strsplit (shown, "\n", -1);

    for (int y = 0; lines[y] != NULL; y++) {
        const char *at = strstr (lines[y], text);

        if (at != NULL) {
            *ret_x = (int) g_utf8_strlen (lines[y], at - lines[y]);
            *ret_y = y;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
test_term_cursor (const TestTerm *term, int *ret_x, int *ret_y)
{
    VTermPos position;

    vterm_state_get_cursorpos (vterm_obtain_state (term->vt), &position);
    *ret_x = position.col;
    *ret_y = position.row;
    return term->is_cursor_visible;
}

const GString *
test_term_bytes (const TestTerm *term)
{
    return term->bytes;
}

/* The last of the two is what counts. */
static gboolean
is_mode_on (const TestTerm *term, const char *mode)
{
    g_autofree char *on = g_strdup_printf ("\033[?%sh", mode);
    g_autofree char *off = g_strdup_printf ("\033[?%sl", mode);
    const char *last_on = g_strrstr (term->bytes->str, on),
               *last_off = g_strrstr (term->bytes->str, off);

    return last_on != NULL && (last_off == NULL || last_off < last_on);
}

void
test_term_assert_restored (TestTerm *term)
{
    static const char *const modes[] = { "2004", "1000", "1002", "1003", "1006", "1004", "1049" };
    struct termios now;

    assert_int_equal (tcgetattr (term->slave, &now), 0);
    assert_int_equal (now.c_lflag, term->modes.c_lflag);
    assert_int_equal (now.c_iflag, term->modes.c_iflag);
    assert_int_equal (now.c_oflag, term->modes.c_oflag);
    assert_int_equal (now.c_cflag, term->modes.c_cflag);
    assert_memory_equal (now.c_cc, term->modes.c_cc, sizeof now.c_cc);
    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
        if (is_mode_on (term, modes[i]))
            fail_msg ("the terminal's mode %s is still on", modes[i]);
    if (term->is_blind) /* the bytes above are all there is */
        return;
    assert_false (term->is_alternate);
    assert_true (term->is_cursor_visible);
}

/* As a picture: a rectangle for each background that is not the usual one, a text for each run of a
 * look */

static void
append_colour (GString *out, const char *name, VTermColor colour)
{
    g_string_append_printf (out, " %s=\"#%02x%02x%02x\"", name, colour.rgb.red, colour.rgb.green,
                            colour.rgb.blue);
}

static void
append_cell (const TestTerm *term, GString *out, const VTermScreenCell *cell, int x, int y)
{
    VTermColor fg = cell->attrs.reverse ? cell->bg : cell->fg,
               bg = cell->attrs.reverse ? cell->fg : cell->bg;
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *escaped = NULL;

    vterm_screen_convert_color_to_rgb (term->screen, &fg);
    vterm_screen_convert_color_to_rgb (term->screen, &bg);
    if (cell->attrs.reverse || bg.rgb.red + bg.rgb.green + bg.rgb.blue > 0) {
        g_string_append_printf (out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"18\"", x * 9,
                                y * 18, 9 * MAX (cell->width, 1));
        append_colour (out, "fill", bg);
        g_string_append (out, "/>");
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++)
        g_string_append_unichar (text, cell->chars[i]);
    if (text->len == 0 || strcmp (text->str, " ") == 0)
        return;
    escaped = g_markup_escape_text (text->str, -1);
    g_string_append_printf (out, "<text x=\"%d\" y=\"%d\"", x * 9, y * 18 + 14);
    append_colour (out, "fill", fg);
    if (cell->attrs.bold)
        g_string_append (out, " font-weight=\"bold\"");
    if (cell->attrs.underline)
        g_string_append (out, " text-decoration=\"underline\"");
    g_string_append_printf (out, ">%s</text>", escaped);
}

char *
test_term_svg (TestTerm *term)
{
    GString *out = g_string_new (NULL);
    int rows = 0, columns = 0;

    vterm_get_size (term->vt, &rows, &columns);
    g_string_append_printf (
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
        "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#000000\"/>\n",
        columns * 9, rows * 18);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
            VTermScreenCell cell;

            (void) vterm_screen_get_cell (term->screen, (VTermPos){ y, x }, &cell);
            append_cell (term, out, &cell, x, y);
        }
        g_string_append_c (out, '\n');
    }
    g_string_append (out, "</svg>\n");
    return g_string_free (out, FALSE);
}
