#include "test.h"

#include "home.h"

#include <stdarg.h>
#include <sys/stat.h>

#include "catalogue/catalogue.h"

void
test_home_init (TestHome *home)
{
    const char *folders[] = { PRC_TEST_TOOLS_DIR, NULL };
    GError *error = NULL;

    *home = (TestHome){ 0 };
    home->dir = prc_test_dir_new ();
    home->place.home = g_strdup (home->dir);
    home->place.root = g_strdup ("");
    home->place.shell = g_strdup ("bash");
    home->place.env = g_new0 (char *, 1);
    home->catalogue = prc_catalogue_load (folders, NULL, &error);
    assert_no_error (error);
    home->found = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_free);
}

void
test_home_clear (TestHome *home)
{
    prc_plan_free (home->plan);
    g_ptr_array_unref (home->found);
    prc_catalogue_free (home->catalogue);
    prc_profile_free (home->profile);
    prc_secret_unref (home->password);
    prc_place_clear (&home->place);
    prc_test_dir_remove (home->dir);
}

void
test_home_write (TestHome *home, const char *path, const char *content)
{
    g_autofree char *full = g_build_filename (home->dir, path, NULL);
    g_autofree char *folder = g_path_get_dirname (full);
    GError *error = NULL;

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    g_file_set_contents_full (full, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    assert_no_error (error);
}

void
test_home_profile (TestHome *home, const char *name, ...)
{
    va_list args;
    const char *pair = NULL;

    prc_profile_free (home->profile);
    home->profile = prc_profile_new (name);
    va_start (args, name);
    while ((pair = va_arg (args, const char *)) != NULL) {
        g_auto (GStrv) parts = g_strsplit (pair, "=", 2);
        GError *error = NULL;

        assert_true (prc_profile_set (home->profile, parts[0], parts[1], &error));
        assert_no_error (error);
    }
    va_end (args);
}

void
test_home_password (TestHome *home, const char *password)
{
    prc_secret_unref (home->password);
    home->password = prc_secret_new (password, strlen (password));
}

gboolean
test_home_plan (TestHome *home, const char *tool, GError **error)
{
    const PrcTool *row = prc_catalogue_find (home->catalogue, tool);

    assert_non_null (row);
    if (home->plan == NULL) {
        home->wanted.profile = home->profile;
        home->wanted.user = home->profile->user;
        home->wanted.password = home->profile->user != NULL ? home->password : NULL;
        home->options.wanted = &home->wanted;
        home->options.place = &home->place;
        home->plan = prc_plan_new (&home->options);
    }
    home->dialect = row->url;
    g_ptr_array_add (home->found, prc_discover (row, &home->place));
    return prc_plan_tool (home->plan, g_ptr_array_index (home->found, home->found->len - 1),
                          &home->dialect, error);
}

const PrcFileEdit *
test_home_edit (TestHome *home, const char *path)
{
    g_autofree char *full = g_build_filename (home->dir, path, NULL);
    const GPtrArray *edits = prc_plan_edits (home->plan);

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);

        if (strcmp (edit->file->path, full) == 0)
            return edit;
    }
    return NULL;
}

char *
test_home_result (TestHome *home, const char *path)
{
    const PrcFileEdit *edit = test_home_edit (home, path);
    gsize size = 0;
    const char *data = NULL;

    if (edit == NULL || edit->remove)
        return NULL;
    data = prc_document_data (edit->doc, &size);
    return g_strndup (data, size);
}

const PrcNote *
test_home_note (TestHome *home, const char *text)
{
    const GPtrArray *notes = prc_plan_notes (home->plan);

    for (guint i = 0; i < notes->len; i++) {
        const PrcNote *note = g_ptr_array_index (notes, i);

        if (strstr (note->text, text) != NULL)
            return note;
    }
    return NULL;
}
