# impasto_room(SOURCE...): the library's sources of the folder that it stands in. Where CMAKE_UNITY_BUILD is
# ON, as in what people and continuous integration build, a room is compiled as one file, which reads
# headers once; so its files share one anonymous namespace, too.
set_target_properties(impasto PROPERTIES UNITY_BUILD_MODE GROUP)
function(impasto_room)
  get_filename_component(room ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  target_sources(impasto PRIVATE ${ARGN})
  set_source_files_properties(${ARGN} TARGET_DIRECTORY impasto PROPERTIES UNITY_GROUP ${room})
endfunction()
