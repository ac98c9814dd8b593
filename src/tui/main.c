/* main.c - the terminal UI as a program: ui.c with a terminal at both ends, in one main loop */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "tui/term/signals.h"
#include "tui/term/term.h"
#include "tui/ui.h"
#include "tui/watch.h"

#define TICK_US (100 * 1000)
#define ESCAPE_MS 50 /* what has begun with an escape and goes on is one key */

typedef struct {
    char *home, *root, *config, *color, *tools;
    gboolean with_system, in_place, allow_exposed, dump_actions;
} Options;

typedef struct {
    PrcTerm *term;
    PrcUi *ui;
    PrcGrid *grid;
    PrcWatch *watch;
    GMainLoop *loop;
    guint escape_timer;
    gint64 next_tick;
    int signal; /* that ended it; 0: none */
} Program;

static Program program; /* for the source, which can't be given anything */

/* Drawing: whenever something is dirty, before the loop waits again */

static gboolean
screen_prepare (GSource *source, gint *timeout)
{
    (void) source;
    *timeout = -1;
    if (prc_ui_needs_draw (program.ui) || prc_ui_is_over (program.ui))
        return TRUE;
    if (prc_ui_is_busy (program.ui)) {
        gint64 left = program.next_tick - g_get_monotonic_time ();

        *timeout = (gint) CLAMP (left / 1000, 0, TICK_US / 1000);
        return left <= 0;
    }
    return FALSE;
}

static gboolean
screen_check (GSource *source)
{
    gint timeout = 0;

    return screen_prepare (source, &timeout);
}

static gboolean
screen_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
    gint64 now = g_get_monotonic_time ();

    (void) source;
    (void) callback;
    (void) data;
    if (prc_ui_is_over (program.ui)) {
        g_main_loop_quit (program.loop);
        return G_SOURCE_CONTINUE;
    }
    if (prc_ui_is_busy (program.ui) && now >= program.next_tick) {
        prc_ui_tick (program.ui);
        program.next_tick = now + TICK_US;
    }
    if (prc_ui_needs_draw (program.ui)) {
        PrcTheme theme;

        prc_ui_draw (program.ui, program.grid);
        theme = prc_ui_theme (program.ui);
        prc_term_show (program.term, program.grid, &theme);
    }
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs screen_funcs = { .prepare = screen_prepare,
                                     .check = screen_check,
                                     .dispatch = screen_dispatch };

/* Input */

static void
take_events (gboolean is_late)
{
    PrcEvent event;

    while (!prc_ui_is_over (program.ui) && prc_term_next (program.term, is_late, &event)) {
        prc_ui_event (program.ui, &event);
        prc_event_clear (&event);
    }
}

static gboolean
escape_is_late (gpointer data)
{
    (void) data;
    program.escape_timer = 0;
    take_events (TRUE);
    return G_SOURCE_REMOVE;
}

static gboolean
input_came (gint fd, GIOCondition condition, gpointer data)
{
    (void) fd;
    (void) data;
    if (!prc_term_fill (program.term) || (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) != 0) {
        program.signal = SIGHUP;
        g_main_loop_quit (program.loop);
        return G_SOURCE_REMOVE;
    }
    if (program.escape_timer != 0)
        (void) g_source_remove (program.escape_timer);
    program.escape_timer = 0;
    take_events (FALSE);
    if (prc_term_is_waiting (program.term))
        program.escape_timer = g_timeout_add (ESCAPE_MS, escape_is_late, NULL);
    return G_SOURCE_CONTINUE;
}

static void
take_size (void)
{
    int width = 0, height = 0;

    prc_term_size (program.term, &width, &height);
    prc_ui_resize (program.ui, width, height);
}

static void
suspend (gpointer data)
{
    (void) data;
    prc_term_suspend (program.term);
    take_size ();
    prc_ui_reload (program.ui);
}

static gboolean
signal_came (gint fd, GIOCondition condition, gpointer data)
{
    int number = 0;

    (void) fd;
    (void) condition;
    (void) data;
    while ((number = prc_signals_read ()) != 0) {
        if (number == SIGWINCH) {
            take_size ();
        } else if (number == SIGTSTP) {
            suspend (NULL);
        } else {
            program.signal = number;
            g_main_loop_quit (program.loop);
        }
    }
    return G_SOURCE_CONTINUE;
}

/* What the ui can't do itself */

static gboolean
edit_file (gpointer data, const char *path, guint line, GError **error)
{
    gboolean good = prc_term_run_editor (program.term, path, line, error);

    (void) data;
    take_size ();
    return good;
}

static gboolean
run_command (gpointer data, const char *command, GError **error)
{
    gboolean good = prc_term_run_command (program.term, command, error);

    (void) data;
    take_size ();
    return good;
}

static void
watch_files (gpointer data, const GPtrArray *paths)
{
    (void) data;
    prc_watch_set (program.watch, paths);
}

static void
files_changed (gpointer data)
{
    (void) data;
    prc_ui_reload (program.ui);
}

static void
redraw (gpointer data)
{
    (void) data;
    prc_term_forget (program.term);
}

/* Starting and ending */

static int
fail (const GError *error)
{
    g_autofree char *message = prc_text_printable (error->message);

    fprintf (stderr, "proxyrc: %s\n", message);
    return error->code == PRC_ERROR_USAGE && error->domain == PRC_ERROR ? 2 : 3;
}

static gboolean
read_options (char **argv, Options *o, GError **error)
{
    const GOptionEntry entries[] = {
        { "home", 0, 0, G_OPTION_ARG_FILENAME, &o->home, N_ ("another user's home"), "DIR" },
        { "root", 0, 0, G_OPTION_ARG_FILENAME, &o->root, N_ ("an image or chroot"), "DIR" },
        { "config", 0, 0, G_OPTION_ARG_FILENAME, &o->config, N_ ("another file of profiles"),
          "FILE" },
        { "tools", 0, 0, G_OPTION_ARG_STRING, &o->tools, N_ ("only these tools"), "A,B" },
        { "system", 0, 0, G_OPTION_ARG_NONE, &o->with_system, N_ ("files of the whole system too"),
          NULL },
        { "color", 0, 0, G_OPTION_ARG_STRING, &o->color, N_ ("auto, always or never"), "WHEN" },
        { "in-place", 0, 0, G_OPTION_ARG_NONE, &o->in_place,
          N_ ("write into hard-linked or bind-mounted files"), NULL },
        { "allow-exposed", 0, 0, G_OPTION_ARG_NONE, &o->allow_exposed,
          N_ ("secrets also into files that git tracks or that all users read"), NULL },
        { "dump-actions", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &o->dump_actions,
          N_ ("print the table of actions"), NULL },
        { NULL },
    };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_auto (GStrv) copy = g_strdupv (argv);
    static const char *const colors[] = { "auto", "always", "never", NULL };

    g_option_context_set_translation_domain (context, PRC_TEXT_DOMAIN);
    g_option_context_add_main_entries (context, entries, NULL);
    if (!g_option_context_parse_strv (context, &copy, error)) {
        (*error)->domain = PRC_ERROR;
        (*error)->code = PRC_ERROR_USAGE;
        return FALSE;
    }
    if (copy[1] != NULL || (o->color != NULL && !g_strv_contains (colors, o->color))) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, "%s",
                     copy[1] != NULL ? _ ("it takes options only")
                                     : _ ("--color must be auto, always or never"));
        return FALSE;
    }
    return TRUE;
}

static void
run (void)
{
    g_autoptr (GSource) screen = g_source_new (&screen_funcs, sizeof (GSource));
    int signals = prc_signals_open ();

    g_source_set_priority (screen, G_PRIORITY_DEFAULT + 10); /* after all that has come */
    (void) g_source_attach (screen, NULL);
    (void) g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_came, NULL);
    (void) g_unix_fd_add (signals, G_IO_IN, signal_came, NULL);
    g_main_loop_run (program.loop);
    g_source_destroy (screen);
}

static int
run_on_terminal (const Options *o, GError **error)
{
    g_auto (GStrv) tools = o->tools != NULL ? g_strsplit (o->tools, ",", -1) : NULL;
    PrcUiOptions options = {
        .session = { .home = o->home,
                     .root = o->root,
                     .config_file = o->config,
                     .tools = tools,
                     .with_system = o->with_system,
                     .in_place = o->in_place,
                     .allow_exposed = o->allow_exposed },
        .suspend = suspend,
        .edit_file = edit_file,
        .run_command = run_command,
        .watch = watch_files,
        .redraw = redraw,
    };

    program.term = prc_term_new (error);
    if (program.term == NULL)
        return 1;
    options.theme = prc_theme_pick (o->color, prc_term_colors (program.term));
    program.loop = g_main_loop_new (NULL, FALSE);
    program.grid = prc_grid_new (1, 1);
    program.watch = prc_watch_new (files_changed, NULL);
    program.ui = prc_ui_new (&options);
    take_size ();
    run ();
    prc_term_leave (program.term); /* before waiting for what can't be stopped */
    prc_ui_free (program.ui);
    prc_watch_free (program.watch);
    prc_grid_free (program.grid);
    prc_term_free (program.term);
    g_main_loop_unref (program.loop);
    prc_signals_close ();
    return 0;
}

static void
options_clear (Options *options)
{
    g_free (options->home);
    g_free (options->root);
    g_free (options->config);
    g_free (options->color);
    g_free (options->tools);
}

int
main (int argc, char **argv)
{
    Options options = { 0 };
    g_autoptr (GError) error = NULL;
    int code = 0;

    (void) argc;
    prc_secrets_harden_process ();
    (void) signal (SIGXFSZ, SIG_IGN); /* a limit on files is an error of writing, to be told */
    (void) setlocale (LC_ALL, "");
    prc_i18n_start ();
    g_set_prgname ("proxyrc");
    if (!read_options (argv, &options, &error))
        return fail (error);
    if (options.dump_actions) {
        g_autofree char *table = prc_actions_dump ();

        fputs (table, stdout);
    } else if (!isatty (STDIN_FILENO) || !isatty (STDOUT_FILENO)) {
        fputs (_ ("proxyrc: the terminal UI needs a terminal\n"), stderr);
        code = 2;
    } else {
        code = run_on_terminal (&options, &error);
    }
    if (error != NULL)
        code = fail (error);
    options_clear (&options);
    if (program.signal != 0) { /* whoever waits shall see what ended it */
        (void) signal (program.signal, SIG_DFL);
        (void) raise (program.signal);
    }
    return code;
}
