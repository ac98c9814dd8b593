#include "tui/term/term.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/error.h"
#include "base/i18n.h"
#include "tui/term/decode.h"
#include "tui/term/signals.h"

#define DOUBLE_CLICK_US (400 * 1000)
#define PAIRS_MAX 64

/* Bracketed paste, the mouse's buttons in decimal, focus; and all of it off again. */
#define MODES_ON "\033[?2004h\033[?1000h\033[?1006h\033[?1004h"
#define MODES_OFF "\033[?1004l\033[?1006l\033[?1000l\033[?2004l"

struct _PrcTerm {
    SCREEN *screen;
    PrcDecoder *decoder;
    PrcGrid *shown; /* (nullable): what the terminal shows; NULL: not known */
    PrcScheme scheme;
    struct {
        gint16 fg, bg;
    } pairs[PAIRS_MAX];
    int n_pairs;
    gboolean is_in;
    gint64 click_time;
    int click_x, click_y;
};

static void
send_text (const char *text)
{
    (void) !write (STDOUT_FILENO, text, strlen (text));
}

/* A capability without the delays that only curses itself can wait for. */
static void
append_capability (GString *out, const char *name)
{
    const char *text = tigetstr ((char *) name);

    if (text == NULL || text == (const char *) -1)
        return;
    while (*text != '\0') {
        const char *end = g_str_has_prefix (text, "$<") ? strchr (text, '>') : NULL;

        if (end == NULL)
            g_string_append_c (out, *text++);
        else
            text = end + 1;
    }
}

static void
prepare_crash (void)
{
    g_autoptr (GString) restore = g_string_new (MODES_OFF);

    append_capability (restore, "sgr0");
    append_capability (restore, "cnorm");
    append_capability (restore, "rmcup");
    g_string_append (restore, "\r\n");
    prc_crash_prepare (STDOUT_FILENO, restore->str);
}

static void
add_keys (PrcDecoder *decoder)
{
    static const struct {
        const char *capability;
        PrcKey key;
    } rows[] = {
        { "kcuu1", PRC_KEY_UP },
        { "kcud1", PRC_KEY_DOWN },
        { "kcub1", PRC_KEY_LEFT },
        { "kcuf1", PRC_KEY_RIGHT },
        { "khome", PRC_KEY_HOME },
        { "kend", PRC_KEY_END },
        { "kpp", PRC_KEY_PAGE_UP },
        { "knp", PRC_KEY_PAGE_DOWN },
        { "kich1", PRC_KEY_INSERT },
        { "kdch1", PRC_KEY_DELETE },
        { "kcbt", PRC_KEY_TAB | PRC_KEY_SHIFT },
        { "kf1", PRC_KEY_F1 },
        { "kf2", PRC_KEY_F1 + 1 },
        { "kf3", PRC_KEY_F1 + 2 },
        { "kf4", PRC_KEY_F1 + 3 },
        { "kf5", PRC_KEY_F1 + 4 },
        { "kf6", PRC_KEY_F1 + 5 },
        { "kf7", PRC_KEY_F1 + 6 },
        { "kf8", PRC_KEY_F1 + 7 },
        { "kf9", PRC_KEY_F1 + 8 },
        { "kf10", PRC_KEY_F1 + 9 },
        { "kf11", PRC_KEY_F1 + 10 },
        { "kf12", PRC_KEY_F12 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const char *sequence = tigetstr ((char *) rows[i].capability);

        if (sequence != (const char *) -1)
            prc_decoder_add_key (decoder, sequence, rows[i].key);
    }
}

static gboolean
can_move_cursor (void)
{
    const char *cup = tigetstr ((char *) "cup");

    return cup != NULL && cup != (const char *) -1;
}

PrcTerm *
prc_term_new (GError **error)
{
    g_autoptr (PrcTerm) term = g_new0 (PrcTerm, 1);
    const char *name = g_getenv ("TERM");

    if (name != NULL && *name != '\0')
        term->screen = newterm (NULL, stdout, stdin);
    if (term->screen != NULL && !can_move_cursor ()) {
        (void) endwin ();
        g_clear_pointer (&term->screen, delscreen);
    }
    if (term->screen == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("this terminal (TERM=%s) can't show a full screen; `proxyrc --help` lists "
                        "the commands"),
                     name != NULL ? name : "");
        return NULL;
    }
    term->decoder = prc_decoder_new (g_get_charset (NULL));
    add_keys (term->decoder);
    if (has_colors ()) {
        (void) start_color ();
        (void) use_default_colors ();
    }
    (void) noecho ();
    (void) nonl ();
    (void) raw ();
    (void) typeahead (-1);
    (void) leaveok (stdscr, FALSE);
    (void) scrollok (stdscr, FALSE);
    (void) def_prog_mode ();
    reset_shell_mode (); /* what a crash has to bring back */
    prepare_crash ();
    reset_prog_mode ();
    term->is_in = TRUE;
    prc_crash_arm (TRUE);
    send_text (MODES_ON);
    return g_steal_pointer (&term);
}

void
prc_term_free (PrcTerm *term)
{
    if (term == NULL)
        return;
    prc_term_leave (term);
    if (term->screen != NULL)
        delscreen (term->screen);
    prc_decoder_free (term->decoder);
    prc_grid_free (term->shown);
    g_free (term);
}

void
prc_term_leave (PrcTerm *term)
{
    if (!term->is_in)
        return;
    term->is_in = FALSE;
    send_text (MODES_OFF);
    (void) curs_set (1);
    (void) endwin ();
    prc_crash_arm (FALSE);
}

void
prc_term_enter (PrcTerm *term)
{
    if (term->is_in)
        return;
    term->is_in = TRUE;
    prc_crash_arm (TRUE);
    reset_prog_mode ();
    (void) refresh ();
    send_text (MODES_ON);
    prc_term_forget (term);
}

int
prc_term_colors (const PrcTerm *term)
{
    (void) term;
    return has_colors () ? COLORS : 0;
}

void
prc_term_size (PrcTerm *term, int *ret_width, int *ret_height)
{
    struct winsize size = { 0 };

    if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        if (size.ws_col != COLS || size.ws_row != LINES) {
            (void) resizeterm (size.ws_row, size.ws_col);
            prc_term_forget (term);
        }
    }
    *ret_width = COLS;
    *ret_height = LINES;
}

/* Output */

static short
pair_of (PrcTerm *term, gint16 fg, gint16 bg)
{
    int i = 0;

    if (!has_colors () || (fg < 0 && bg < 0))
        return 0;
    if (COLORS < 16 && fg > 7 && fg < 16)
        fg = (gint16) (fg - 8);
    while (i < term->n_pairs && (term->pairs[i].fg != fg || term->pairs[i].bg != bg))
        i++;
    if (i == term->n_pairs) {
        if (i == PAIRS_MAX || init_pair ((short) (i + 1), fg, bg) == ERR)
            return 0;
        term->pairs[i].fg = fg;
        term->pairs[i].bg = bg;
        term->n_pairs++;
    }
    return (short) (i + 1);
}

static attr_t
attributes_of (const PrcStyle *style)
{
    attr_t attributes = A_NORMAL;

    if ((style->attributes & PRC_STYLE_BOLD) != 0)
        attributes |= A_BOLD;
    if ((style->attributes & PRC_STYLE_UNDERLINE) != 0)
        attributes |= A_UNDERLINE;
    if ((style->attributes & PRC_STYLE_REVERSE) != 0)
        attributes |= A_REVERSE;
    if ((style->attributes & PRC_STYLE_DIM) != 0)
        attributes |= A_DIM;
    return attributes;
}

/* Some terminals make one sign of emoji that are joined, or a wide one of a narrow one; others
 * don't: without what asks for it all count the same columns. */
static gboolean
changes_width (const PrcCell *cell, gunichar mark)
{
    return mark == 0xFE0F || (mark == 0x200D && cell->width == 2);
}

/* FALSE: this locale has no such character, or the library counts its columns otherwise. */
static gboolean
to_wide (const PrcCell *cell, wchar_t *ret)
{
    gsize n = 0;

    for (const char *p = cell->text; *p != '\0' && n < CCHARW_MAX; p = g_utf8_next_char (p)) {
        mbstate_t state = { 0 };
        char bytes[MB_LEN_MAX];

        ret[n] = (wchar_t) g_utf8_get_char (p);
        if (n > 0 && changes_width (cell, (gunichar) ret[n]))
            continue;
        if (wcrtomb (bytes, ret[n], &state) == (size_t) -1 ||
            wcwidth (ret[n]) != (n == 0 ? cell->width : 0)) {
            if (n == 0)
                return FALSE;
            continue;
        }
        n++;
    }
    ret[n] = L'\0';
    return n > 0;
}

/* What stands for a character that this locale hasn't: its nearest in ASCII. */
static wchar_t
stand_in (const char *text)
{
    static const struct {
        gunichar from;
        char to;
    } rows[] = {
        { 0x201C, '"' }, { 0x201D, '"' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x2026, '.' },
        { 0x00D7, 'x' }, { 0x2013, '-' }, { 0x2014, '-' },  { 0x00A0, ' ' },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (g_utf8_get_char (text) == rows[i].from)
            return (wchar_t) rows[i].to;
    return L'?';
}

static void
put_cell (PrcTerm *term, const PrcCell *cell, int x, int y, const PrcTheme *theme)
{
    PrcStyle style = prc_theme_style (theme, (PrcLook) cell->look, cell->flags);
    short pair = pair_of (term, style.fg, style.bg);
    wchar_t wide[CCHARW_MAX + 1] = { 0 };
    cchar_t out;

    if (to_wide (cell, wide)) {
        (void) setcchar (&out, wide, attributes_of (&style), pair, NULL);
        (void) mvadd_wch (y, x, &out);
        return;
    }
    wide[0] = stand_in (cell->text);
    wide[1] = L'\0';
    for (int i = 0; i < cell->width; i++) {
        (void) setcchar (&out, wide, attributes_of (&style), pair, NULL);
        (void) mvadd_wch (y, x + i, &out);
    }
}

static gboolean
same_cell (const PrcCell *a, const PrcCell *b)
{
    return a->width == b->width && a->look == b->look && a->flags == b->flags &&
           strcmp (a->text, b->text) == 0;
}

static void
copy_grid (PrcTerm *term, const PrcGrid *grid)
{
    PrcGrapheme grapheme;

    prc_grid_resize (term->shown, prc_grid_width (grid), prc_grid_height (grid));
    for (int y = 0; y < prc_grid_height (grid); y++)
        for (int x = 0; x < prc_grid_width (grid); x++) {
            const PrcCell *cell = prc_grid_cell (grid, x, y);

            if (cell->width == 0)
                continue;
            g_strlcpy (grapheme.text, cell->text, sizeof grapheme.text);
            grapheme.width = cell->width;
            prc_grid_set (term->shown, x, y, &grapheme, (PrcLook) cell->look);
            prc_grid_flag (term->shown, x, y, cell->flags);
        }
}

void
prc_term_show (PrcTerm *term, const PrcGrid *grid, const PrcTheme *theme)
{
    int width = MIN (prc_grid_width (grid), COLS), height = MIN (prc_grid_height (grid), LINES);
    gboolean is_known =
        term->shown != NULL && prc_grid_width (term->shown) == prc_grid_width (grid) &&
        prc_grid_height (term->shown) == prc_grid_height (grid) && term->scheme == theme->scheme;
    int x = 0, y = 0;

    if (!term->is_in)
        return;
    if (!is_known)
        (void) erase ();
    for (y = 0; y < height; y++)
        for (x = 0; x < width; x++) {
            const PrcCell *cell = prc_grid_cell (grid, x, y);

            if (cell->width > 0 &&
                (!is_known || !same_cell (cell, prc_grid_cell (term->shown, x, y))))
                put_cell (term, cell, x, y, theme);
        }
    if (term->shown == NULL)
        term->shown = prc_grid_new (width, height);
    copy_grid (term, grid);
    term->scheme = theme->scheme;
    if (prc_grid_cursor (grid, &x, &y)) {
        (void) curs_set (1);
        (void) move (y, x);
    } else {
        (void) curs_set (0);
    }
    (void) refresh ();
}

void
prc_term_forget (PrcTerm *term)
{
    g_clear_pointer (&term->shown, prc_grid_free);
    (void) clearok (curscr, TRUE);
}

/* Input */

gboolean
prc_term_fill (PrcTerm *term)
{
    char bytes[4096];
    ssize_t n = read (STDIN_FILENO, bytes, sizeof bytes);

    if (n > 0)
        prc_decoder_feed (term->decoder, bytes, (gsize) n);
    explicit_bzero (bytes, sizeof bytes);
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

gboolean
prc_term_is_waiting (const PrcTerm *term)
{
    return prc_decoder_is_waiting (term->decoder);
}

gboolean
prc_term_next (PrcTerm *term, gboolean is_late, PrcEvent *ret)
{
    gint64 now = g_get_monotonic_time ();

    if (!prc_decoder_next (term->decoder, is_late, ret))
        return FALSE;
    if (ret->type != PRC_EVENT_CLICK)
        return TRUE;
    if (now - term->click_time < DOUBLE_CLICK_US && ret->x == term->click_x &&
        ret->y == term->click_y) {
        ret->type = PRC_EVENT_DOUBLE_CLICK;
        now = 0;
    }
    term->click_time = now;
    term->click_x = ret->x;
    term->click_y = ret->y;
    return TRUE;
}

/* Giving the terminal away */

void
prc_term_suspend (PrcTerm *term)
{
    struct sigaction usual = { .sa_handler = SIG_DFL }, ours;

    prc_term_leave (term);
    (void) sigemptyset (&usual.sa_mask);
    (void) sigaction (SIGTSTP, &usual, &ours);
    (void) kill (0, SIGTSTP);
    (void) sigaction (SIGTSTP, &ours, NULL);
    prc_term_enter (term);
}
