#include "formats/shell-edit.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "formats/drivers.h"

PrcShellDialect
prc_shell_dialect (const PrcDocument *doc)
{
    const PrcFormat *format = prc_document_format (doc);

    if (format == &prc_format_zsh)
        return PRC_SHELL_ZSH;
    return format == &prc_format_bash ? PRC_SHELL_BASH : PRC_SHELL_SH;
}

gboolean
prc_shell_whole_lines (const PrcShellSyntax *s, const PrcShellItem *item, PrcShellSpan *ret_lines)
{
    gsize start = item->start, end = item->end;

    while (start > 0 && (s->text[start - 1] == ' ' || s->text[start - 1] == '\t'))
        start--;
    if (start > 0 && s->text[start - 1] != '\n')
        return FALSE;
    if (item->separator.end > end && !item->background)
        end = item->separator.end;
    while (end < s->size && strchr (" \t\r", s->text[end]) != NULL)
        end++;
    if (end < s->size && s->text[end] == '#' && end > item->end)
        while (end < s->size && s->text[end] != '\n')
            end++;
    if (end < s->size && s->text[end] != '\n')
        return FALSE;
    *ret_lines = (PrcShellSpan){ start, end < s->size ? end + 1 : end };
    return TRUE;
}

static PrcShellScript *
read_script (const PrcDocument *doc, GError **error)
{
    gsize size = 0;
    const char *text = prc_document_data (doc, &size);
    PrcShellScript *script = prc_shell_script_new (prc_shell_dialect (doc), text, size, error);

    for (guint i = 0; script != NULL && i < script->records->len; i++) {
        PrcShellRecord *record = g_ptr_array_index (script->records, i);
        PrcShellSpan lines;

        if ((record->form == PRC_SHELL_FORM_SOURCE || record->form == PRC_SHELL_FORM_EVAL) &&
            record->sole &&
            prc_shell_whole_lines (script->syntax, record->item, &lines)) {
            record->entry->start = lines.start;
            record->entry->end = lines.end;
        }
    }
    return script;
}

static gpointer
make_memo (const PrcDocument *doc, GError **error)
{
    return read_script (doc, error);
}

PrcShellScript *
prc_shell_script_of (const PrcDocument *doc, GError **error)
{
    return prc_document_memo (doc, make_memo, (GDestroyNotify) prc_shell_script_free, error);
}

static gboolean
parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    g_autoptr (PrcShellScript) script = read_script (doc, error);

    if (script == NULL)
        return FALSE;
    for (guint i = 0; i < script->records->len; i++) {
        PrcShellRecord *record = g_ptr_array_index (script->records, i);

        g_ptr_array_add (entries, g_steal_pointer (&record->entry));
    }
    return TRUE;
}

static char *
canonical_key (const char *key, GError **error)
{
    const char *p = key;

    if (prc_shell_is_name_start (*p))
        while (prc_shell_is_name_char (*p))
            p++;
    if (p > key && *p == '\0')
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("not the name of a shell variable (letters, digits and _, not a digit first)"));
    return NULL;
}

const PrcFormat prc_format_sh = {
    .name = "sh",
    .parse = parse,
    .canonical_key = canonical_key,
    .replace = prc_shell_replace,
    .insert = prc_shell_insert,
    .remove = prc_shell_remove,
};

const PrcFormat prc_format_bash = {
    .name = "bash",
    .parse = parse,
    .canonical_key = canonical_key,
    .replace = prc_shell_replace,
    .insert = prc_shell_insert,
    .remove = prc_shell_remove,
};

const PrcFormat prc_format_zsh = {
    .name = "zsh",
    .parse = parse,
    .canonical_key = canonical_key,
    .replace = prc_shell_replace,
    .insert = prc_shell_insert,
    .remove = prc_shell_remove,
};
