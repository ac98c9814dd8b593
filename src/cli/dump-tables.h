/* dump-tables.h - the program's own tables, for whoever writes about them: script/make-manual, the
 * tests */
#pragma once

/** prc_cli_dump_tables: `proxyrc --dump-tables`: one JSON object on stdout, untranslated. */
void prc_cli_dump_tables (void);
