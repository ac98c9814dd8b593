/* config.fish and conf.d files, as fish 3.6 reads them. fish parses a whole file before it runs any
 * of it, so a syntax error anywhere loses everything. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/words.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/fish-script.h"
#include "formats/statement.h"
#include "formats/systemd-env.h"

static gboolean
fish_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    PrcFishScript script;

    return prc_fish_read (&script, doc, entries, error);
}

static char *
fish_canonical_key (const char *key, GError **error)
{
    if (prc_fish_is_name (key))
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a variable name"));
    return NULL;
}

/* Writing */

/* With every byte escaped, and what stands around it. */
static gsize
room_for (const char *value)
{
    return 2 * strlen (value) + 64;
}

static void
append_quoted (GString *out, const char *value, char quote)
{
    const char *special = quote == '"' ? "\"\\$" : "'\\";

    g_string_append_c (out, quote);
    for (; *value != '\0'; value++) {
        if (strchr (special, *value) != NULL)
            g_string_append_c (out, '\\');
        g_string_append_c (out, *value);
    }
    g_string_append_c (out, quote);
}

static gboolean
is_safe_bare (const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr ("_-.,:/@+=", *p) == NULL)
            return FALSE;
    return *value != '\0';
}

static void
append_word (GString *out, const char *word)
{
    if (is_safe_bare (word))
        g_string_append (out, word);
    else
        append_quoted (out, word, '\'');
}

/* Whatever becomes of the program, fish goes on and says nothing. */
static gboolean
append_eval (GString *out, const char *command, GError **error)
{
    g_auto (GStrv) words = prc_words_split (command);

    if (words == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("not a simple command"));
        return FALSE;
    }
    g_string_append (out, "if test -x "); /* untranslated: code */
    append_word (out, words[0]);
    g_string_append_c (out, ';');
    for (char **word = words; *word != NULL; word++) {
        g_string_append_c (out, ' ');
        append_word (out, *word);
    }
    g_string_append (out, " 2>/dev/null | source; end"); /* untranslated: code */
    return TRUE;
}

static gboolean
fish_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
              GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    g_autoptr (PrcWipedText) text = prc_wiped_text_new (room_for (value));
    gboolean missing = entry->value_start == entry->value_end;
    char first = missing ? '\0' : data[entry->value_start];

    if (missing && entry->kind != PRC_ENTRY_SET) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("nothing is set here"));
        return FALSE;
    }
    if (missing && data[entry->value_start - 1] != '=')
        g_string_append_c (text, ' ');
    if (strcmp (entry->key, PRC_STATEMENT_EVAL) == 0 && (entry->flags & PRC_ENTRY_LIST) != 0) {
        if (!append_eval (text, value, error))
            return FALSE;
    } else if (first != '"' && first != '\'' && is_safe_bare (value))
        g_string_append (text, value);
    else
        append_quoted (text, value, first == '"' ? '"' : '\'');
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, prc_wiped_text_steal (&text) };
    return TRUE;
}

static gboolean
insertion_point (const PrcDocument *doc, const char *key, gsize *ret_at, GError **error)
{
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    PrcFishScript script;

    if (!prc_fish_read (&script, doc, entries, error))
        return FALSE;
    *ret_at = prc_statement_place (
        doc, entries,
        script.exit_at < script.size ? prc_document_line_start (doc, script.exit_at) : script.size,
        key);
    return TRUE;
}

static gboolean
fish_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
             GError **error)
{
    g_autoptr (PrcWipedText) line = prc_wiped_text_new (2 * room_for (value) + strlen (key));
    gsize at = 0, size = 0;
    const char *data = prc_document_data (doc, &size);

    if (!insertion_point (doc, key, &at, error))
        return FALSE;
    if (strcmp (key, PRC_STATEMENT_SOURCE) == 0) {
        g_autoptr (GString) file = g_string_new (NULL);

        append_word (file, value);
        /* untranslated: code */
        g_string_append_printf (line, "if test -r %s; source %s; end", file->str, file->str);
    } else if (strcmp (key, PRC_STATEMENT_EVAL) == 0) {
        if (!append_eval (line, value, error))
            return FALSE;
    } else {
        g_string_append_printf (line, "set -gx %s ", key);
        append_quoted (line, value, '\'');
    }
    /* A '\' at the very end would join the line to the one before. */
    if (at == size && size > 0 && data[size - 1] == '\\')
        g_string_prepend (line, prc_document_eol (doc));
    prc_env_insert_line (doc, at, line->str, prc_document_eol (doc), ret_edit);
    return TRUE;
}

static gboolean
fish_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    return prc_statement_remove (doc, entry, TRUE, edits, error);
}

const PrcFormat prc_format_fish = {
    .name = "fish",
    .parse = fish_parse,
    .canonical_key = fish_canonical_key,
    .replace = fish_replace,
    .insert = fish_insert,
    .remove = fish_remove,
};
