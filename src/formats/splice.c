#include "formats/splice.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"

void
prc_edit_clear (PrcEdit *edit)
{
    prc_wipe_free (edit->text);
    *edit = (PrcEdit) { 0 };
}

GBytes *
prc_splice (GBytes *source, const PrcEdit *edits, gsize n_edits, GError **error)
{
    gsize size = 0, result = 0, copied = 0, at = 0;
    const char *bytes = g_bytes_get_data (source, &size);
    char *out = NULL;

    result = size;
    for (gsize i = 0; i < n_edits; i++) {
        const PrcEdit *edit = &edits[i];

        if (edit->start > edit->end || edit->end > size || edit->start < copied) {
            /* untranslated: a mistake of the program */
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         "edit %" G_GSIZE_FORMAT " is out of range or order", i);
            return NULL;
        }
        copied = edit->end;
        result += (edit->text != NULL ? strlen (edit->text) : 0) - (edit->end - edit->start);
    }

    out = g_malloc (result + 1);
    copied = 0;
    for (gsize i = 0; i <= n_edits; i++) {
        gsize until = i < n_edits ? edits[i].start : size;
        gsize length = i < n_edits && edits[i].text != NULL ? strlen (edits[i].text) : 0;

        if (until > copied)
            memcpy (out + at, bytes + copied, until - copied);
        at += until - copied;
        if (length > 0)
            memcpy (out + at, edits[i].text, length);
        at += length;
        copied = i < n_edits ? edits[i].end : size;
    }
    return prc_bytes_new_wiped (out, result);
}
