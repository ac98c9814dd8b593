/* view-setting.c - one setting: what is said of it, the lines around it in its file, and editing it
 * in place */
#include <fcntl.h>
#include <string.h>

#include "app/file-edit.h"
#include "app/tools.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "model/mask.h"
#include "tui/ui.h"
#include "tui/views/setting.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

typedef struct {
    PrcSettingCopy *setting;
    PrcLines *lines; /* of the file, masked */
    char *format;    /* (nullable): not known */
    char *error;     /* (nullable): the file can't be read */
    gboolean was_read;
    char *typed; /* (nullable): the value that is asked about; wiped */
    gboolean is_removal;
} State;

typedef struct {
    GPtrArray *lines; /* of utf8 */
    char *format;     /* (nullable) */
} Content;

typedef struct {
    char *format, *path, *key;
    char *value; /* (nullable): take it away */
} Edit;

/* The copy */

PrcSettingCopy *
prc_setting_copy_new (const PrcSettingRow *row, const char *words, const char *home)
{
    PrcSettingCopy *copy = g_new0 (PrcSettingCopy, 1);

    copy->tool = g_strdup (row->tool);
    copy->file = g_strdup (row->file);
    copy->line = row->line;
    copy->key = g_strdup (row->key);
    copy->value = g_strdup (row->value);
    copy->state = g_strdup (row->state);
    copy->detail = row->detail != NULL ? prc_show_text (home, row->detail) : g_strdup (words);
    copy->home = g_strdup (home);
    copy->is_exposed = row->is_exposed;
    return copy;
}

void
prc_setting_copy_free (PrcSettingCopy *copy)
{
    g_free (copy->tool);
    g_free (copy->file);
    g_free (copy->key);
    g_free (copy->value);
    g_free (copy->state);
    g_free (copy->detail);
    g_free (copy->home);
    g_free (copy);
}

/* In the worker */

static void
content_free (gpointer data)
{
    Content *content = data;

    if (content == NULL)
        return;
    g_ptr_array_unref (content->lines);
    g_free (content->format);
    g_free (content);
}

static void
edit_free (gpointer data)
{
    Edit *edit = data;

    g_free (edit->format);
    g_free (edit->path);
    g_free (edit->key);
    prc_wipe_free (edit->value);
    g_free (edit);
}

/* The grammar of the file: of the place that it is, else of the tool's first one. */
static char *
format_of (PrcSession *session, const char *tool, const char *file)
{
    g_autoptr (GPtrArray) tools = prc_tools (session, tool, NULL);
    const PrcToolInfo *info = tools != NULL && tools->len > 0 ? g_ptr_array_index (tools, 0) : NULL;
    g_autofree char *name = g_path_get_basename (file);

    for (guint i = 0; info != NULL && i < info->places->len; i++) {
        const PrcToolPlaceRow *place = g_ptr_array_index (info->places, i);
        g_autofree char *place_name = g_path_get_basename (place->path);

        if ((place->resolved != NULL &&
             g_strv_contains ((const char *const *) place->resolved, file)) ||
            strcmp (place_name, name) == 0)
            return g_strdup (place->format);
    }
    return info != NULL && info->places->len > 0 && strcmp (tool, "env") != 0
               ? g_strdup (((const PrcToolPlaceRow *) g_ptr_array_index (info->places, 0))->format)
               : NULL;
}

static gpointer
read_lines (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    char **names = data; /* the tool, the file */
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, names[1], NULL, error);
    Content *content = NULL;
    gsize size = 0;
    const char *text = NULL;

    (void) job;
    if (bytes == NULL)
        return NULL;
    content = g_new0 (Content, 1);
    content->lines = g_ptr_array_new_with_free_func (g_free);
    content->format = format_of (session, names[0], names[1]);
    text = g_bytes_get_data (bytes, &size);
    for (const char *end = text + size; text < end;) {
        const char *newline = memchr (text, '\n', (gsize) (end - text));
        gsize length = (gsize) ((newline != NULL ? newline : end) - text);
        g_autoptr (PrcWipedString) line = g_strndup (text, length);

        g_ptr_array_add (content->lines, prc_mask_line (line));
        text += length + 1;
    }
    return content;
}

static gpointer
edit_file (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Edit *edit = data;
    gboolean is_changed = FALSE;
    char *diff = NULL;

    (void) job;
    if (!prc_file_set (session, edit->format, edit->path, edit->key, edit->value, &is_changed,
                       &diff, error))
        return NULL;
    return diff != NULL ? diff : g_strdup ("");
}

/* Reading */

static void
lines_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    Content *content = result;
    gboolean is_first = !state->was_read;

    g_clear_pointer (&state->error, g_free);
    prc_lines_clear (state->lines);
    prc_view_dirty (view);
    state->was_read = TRUE;
    if (content == NULL) {
        state->error = g_strdup (error->message);
        return;
    }
    g_free (state->format);
    state->format = g_steal_pointer (&content->format);
    for (guint i = 0; i < content->lines->len; i++)
        prc_lines_add (state->lines,
                       i + 1 == state->setting->line ? PRC_LOOK_STRONG : PRC_LOOK_TEXT,
                       g_ptr_array_index (content->lines, i), NULL);
    content_free (content);
    prc_list_fit (&view->list, prc_lines_count (state->lines), view->list.page);
    if (is_first && state->setting->line > 0) {
        (void) prc_list_select (&view->list,
                                state->setting->line + 4); /* some lines after it are in sight */
        (void) prc_list_select (&view->list, state->setting->line - 1);
    }
    if (is_first && state->setting->is_to_edit && prc_ui_top (view->ui) == view)
        prc_ui_act (view->ui, PRC_ACTION_EDIT);
}

static void
reload (PrcView *view)
{
    State *state = view->state;
    char **names = NULL;

    if (state->setting->file == NULL)
        return;
    names = g_new0 (char *, 3);
    names[0] = g_strdup (state->setting->tool);
    names[1] = g_strdup (state->setting->file);
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Reading the file"),
                                                .run = read_lines,
                                                .data = names,
                                                .data_free = (GDestroyNotify) g_strfreev,
                                                .done = lines_read,
                                                .result_free = content_free });
}

static void
open_setting (PrcView *view, gpointer argument)
{
    State *state = view->state;

    state->setting = argument;
    state->lines = prc_lines_new ();
    reload (view);
}

static void
close_setting (PrcView *view)
{
    State *state = view->state;

    prc_setting_copy_free (state->setting);
    prc_lines_free (state->lines);
    g_free (state->format);
    g_free (state->error);
    prc_wipe_free (state->typed);
}

/* Editing: the change is shown before it is written */

static void
start_edit (PrcView *view, gboolean dry_run, void (*done) (gpointer, gpointer, const GError *))
{
    const State *state = view->state;
    Edit *edit = g_new0 (Edit, 1);

    edit->format = g_strdup (state->format);
    edit->path = g_strdup (state->setting->file);
    edit->key = g_strdup (state->setting->key);
    edit->value = state->is_removal ? NULL : g_strdup (state->typed);
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Changing the setting"),
                                                .run = edit_file,
                                                .data = edit,
                                                .data_free = edit_free,
                                                .done = done,
                                                .result_free = g_free,
                                                .dry_run = dry_run,
                                                .writes = !dry_run });
}

static void
edited (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    PrcUi *ui = view->ui;

    if (result == NULL) {
        prc_ui_say_error (ui, error);
        return;
    }
    g_free (result);
    prc_ui_pop (view);
    prc_ui_reload (ui);
    prc_ui_say (ui, PRC_LOOK_OK, "%s", _ ("1 file written; u takes it back"));
}

static void
edit_confirmed (PrcView *view, gboolean yes, gpointer data)
{
    (void) data;
    if (yes)
        start_edit (view, FALSE, edited);
}

static char *
shown_lines (const char *text)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        char *shown = prc_line_shown (*line);

        g_free (*line);
        *line = shown;
    }
    return g_strjoinv ("\n", lines);
}

static void
edit_planned (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    g_autofree char *diff = result;
    g_autofree char *shown = NULL;
    g_autofree char *text = NULL;
    const char *hunk = NULL;

    if (diff == NULL) {
        prc_ui_say_error (view->ui, error);
        return;
    }
    hunk = strstr (diff, "\n@@");
    if (*diff == '\0' || hunk == NULL) {
        prc_ui_say (view->ui, PRC_LOOK_TEXT, "%s", _ ("that is what it is already"));
        return;
    }
    hunk = strchr (hunk + 1, '\n');
    shown = shown_lines (hunk != NULL ? hunk : "");
    text = g_strdup_printf (_ ("Write 1 file?\n%s"), shown);
    prc_ui_confirm (view, text, N_ ("Write"), edit_confirmed, NULL);
}

static void
value_typed (PrcView *view, const char *answer)
{
    State *state = view->state;

    if (answer == NULL)
        return;
    prc_wipe_free (state->typed);
    state->typed = g_strdup (answer);
    state->is_removal = FALSE;
    start_edit (view, TRUE, edit_planned);
}

/* What is shown of it without its secret: of a URL what follows the stars and their @. */
static char *
value_to_edit (const PrcSettingCopy *setting)
{
    const char *value = setting->value != NULL ? setting->value : "";
    const char *stars = strstr (value, "***");
    g_autofree char *before = stars != NULL ? g_strndup (value, (gsize) (stars - value)) : NULL;

    if (stars == NULL)
        return g_strdup (value);
    return g_strconcat (before, stars[3] == '@' ? stars + 4 : stars + 3, NULL);
}

static void
ask_value (PrcView *view)
{
    const State *state = view->state;
    g_autofree char *label = g_strdup_printf ("%s = ", state->setting->key);
    g_autofree char *value = value_to_edit (state->setting);

    prc_ui_ask (view, label, value, value_typed);
}

/* Drawing */

static guint
rows (const PrcView *view)
{
    return prc_lines_count (((State *) view->state)->lines);
}

static char *
empty (const PrcView *view)
{
    const State *state = view->state;

    if (state->setting->file == NULL)
        return g_strdup (_ ("It is a variable of the shell that this was started from. Other "
                            "shells may have another one; "
                            "new ones take it from their start-up files."));
    return g_strdup (state->error != NULL ? state->error
                     : !state->was_read   ? _ ("Reading the file…")
                                          : _ ("The file is empty."));
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    int x = 1;

    if (row + 1 == state->setting->line)
        (void) prc_draw_glyph (line, x, 0, PRC_GLYPH_ARROW, PRC_LOOK_KEY);
    if (line->width >= 40)
        x = prc_draw_format (line, x + 2, 0, PRC_LOOK_DIM, "%4u ", row + 1);
    else
        x += 2;
    (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), prc_lines_text (state->lines, row),
                           prc_lines_look (state->lines, row));
}

static char *
head_text (const State *state)
{
    const PrcSettingCopy *s = state->setting;

    return g_strdup_printf (
        "%s%s%s", s->detail, s->is_exposed ? "\n" : "",
        s->is_exposed ? _ ("exposed: others can read the password in this file, or git tracks it")
                      : "");
}

static int
head_height (const PrcView *view, int width)
{
    g_autofree char *text = head_text (view->state);

    return 4 + prc_draw_wrapped (NULL, MAX (width - 4, 1), 0, text, PRC_LOOK_TEXT);
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    const State *state = view->state;
    const PrcSettingCopy *setting = state->setting;
    g_autofree char *path =
        setting->file != NULL ? prc_show_path (setting->home, setting->file) : NULL;
    g_autofree char *value = g_strdup_printf (
        "%s = %s", setting->key, setting->value != NULL ? setting->value : _ ("(computed)"));
    g_autofree char *text = head_text (state);
    PrcArea inside = prc_area_sub (area, 2, 0, area->width - 4, area->height);
    int y = area->height > 4 ? 1 : 0, x = 0;

    x = prc_draw_field (&inside, 0, y, 8, setting->tool, PRC_LOOK_STRONG);
    x = prc_draw_mark (&inside, x, y, 13, prc_mark_of_state (setting->state), setting->state) + 1;
    if (path != NULL && setting->line > 0)
        (void) prc_draw_format (&inside, x, y, PRC_LOOK_PLACE, "%s:%u", path, setting->line);
    else if (path != NULL)
        (void) prc_draw_text (&inside, x, y, path, PRC_LOOK_PLACE);
    (void) prc_draw_field (&inside, 0, y + 1, inside.width, value, PRC_LOOK_TEXT);
    (void) prc_draw_wrapped (&inside, 0, y + 2, text, PRC_LOOK_DIM);
}

/* Doing */

static gboolean
match (const PrcView *view, guint row, const PrcNeedle *needle)
{
    return prc_needle_in (needle, prc_lines_text (((State *) view->state)->lines, row));
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const State *state = view->state;

    switch ((int) action) {
    case PRC_ACTION_EDIT:
    case PRC_ACTION_REMOVE:
        if (state->setting->file == NULL)
            *ret_reason = N_ ("it is a variable of a running shell");
        else if (state->format == NULL)
            *ret_reason = N_ ("proxyrc only reads this file; v opens it");
        else if (strcmp (state->setting->state, "dynamic") == 0)
            *ret_reason = N_ ("shell code computes it; v opens the file");
        return *ret_reason == NULL;
    case PRC_ACTION_EDITOR:
        if (state->setting->file == NULL)
            *ret_reason = N_ ("it is in no file");
        else if (prc_ui_options (view->ui)->edit_file == NULL)
            *ret_reason = N_ ("there is no terminal");
        return *ret_reason == NULL;
    case PRC_ACTION_EXPLAIN:
        return TRUE;
    case PRC_ACTION_REMEDY:
        if (prc_state_agrees (state->setting->state))
            *ret_reason = N_ ("there is nothing wrong with it");
        return *ret_reason == NULL;
    case PRC_ACTION_OPEN:
        *ret_reason = N_ ("there is nothing to open; v opens the file in your editor");
        return FALSE;
    default:
        return FALSE;
    }
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    State *state = view->state;

    switch ((int) action) {
    case PRC_ACTION_EDIT:
        ask_value (view);
        return TRUE;
    case PRC_ACTION_REMOVE:
        state->is_removal = TRUE;
        start_edit (view, TRUE, edit_planned);
        return TRUE;
    case PRC_ACTION_EDITOR:
        prc_ui_edit_file (view->ui, state->setting->file, view->list.selected + 1);
        return TRUE;
    case PRC_ACTION_REMEDY:
        prc_view_plan_push (view->ui, NULL, FALSE);
        return TRUE;
    case PRC_ACTION_EXPLAIN:
        (void) prc_ui_push (view->ui, &prc_view_explain, g_strdup (state->setting->state));
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_setting = {
    .id = PRC_IN_SETTING,
    .name = "setting",
    .title = N_ ("Setting"),
    .state_size = sizeof (State),
    .open = open_setting,
    .close = close_setting,
    .rows = rows,
    .draw_row = draw_row,
    .match = match,
    .empty = empty,
    .head_height = head_height,
    .draw_head = draw_head,
    .enabled = enabled,
    .act = act,
    .reload = reload,
};
