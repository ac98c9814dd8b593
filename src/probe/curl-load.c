/* curl-load.c - the module with libcurl, when it is needed */
#include <dlfcn.h>

#include "probe/curl.h"

PrcCurl *
prc_curl_load (const char *path, gboolean with_tls, char **ret_text)
{
    void *module = dlopen (path, RTLD_NOW | RTLD_LOCAL); /* until the process ends */
    PrcCurlNew make = NULL;

    if (module != NULL)
        *(void **) &make = dlsym (module, "prc_curl_new"); /* POSIX: so it is converted */
    if (make != NULL)
        return make (with_tls);
    *ret_text = g_strdup (dlerror ());
    return NULL;
}
