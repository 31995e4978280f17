/* The module record and the command table, in C: AP_INIT_* check each setter's type here, and
 * <IfModule mod_plivo_dial.c> finds the file by its name. Nothing else belongs in this file.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "mod_plivo_dial/config/glue.h"

#define PLIVO_DIRECTIVE(name, shape, setter, context, in_number, help) \
  AP_INIT_##shape(name, setter, (void*)context, RSRC_CONF | ACCESS_CONF, help),
static const command_rec commands[] = {
#include "mod_plivo_dial/config/directives.inc"
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};
#undef PLIVO_DIRECTIVE

__attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA plivo_dial_module = {
    STANDARD20_MODULE_STUFF,
    plivo_create_dir_config,
    plivo_merge_dir_config,
    plivo_create_server_config,
    NULL, /* the per-server configuration is the main server's alone */
    commands,
    plivo_register_hooks,
    AP_MODULE_FLAG_NONE,
};
