#include "formats/format.h"

#include <string.h>

#include "formats/drivers.h"

/* One row per format; the name is the one of the command line and of the catalogue. */
static const PrcFormat *const formats[] = {
    &prc_format_pipconf,   &prc_format_curlrc,    &prc_format_wgetrc,         &prc_format_dotenv,
    &prc_format_libconfig, &prc_format_pam_env,   &prc_format_environment_d,  &prc_format_fish,
    &prc_format_csh,       &prc_format_gitconfig, &prc_format_npmrc,          &prc_format_sh,
    &prc_format_bash,      &prc_format_zsh,       &prc_format_fish_variables, NULL,
};

const PrcFormat *const *
prc_formats (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (formats) - 1;
    return formats;
}

const PrcFormat *
prc_format_by_name (const char *name)
{
    for (gsize i = 0; formats[i] != NULL; i++)
        if (strcmp (formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}
