# impasto_room(SOURCE...): the library's sources of the folder that it stands in. Where CMAKE_UNITY_BUILD is
# ON, as in what people and continuous integration build, a room is compiled as one file, which reads
# headers once; but what works with JSON or Eigen, whose templates take longer than all else, is one file
# for all rooms. So files share one anonymous namespace, too.
set_target_properties(impasto PROPERTIES UNITY_BUILD_MODE GROUP)
function(impasto_room)
  get_filename_component(room ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  target_sources(impasto PRIVATE ${ARGN})
  foreach(source ${ARGN})
    set(group ${room})
    foreach(library nlohmann Eigen)
      file(STRINGS ${source} included REGEX "^#include <${library}/")
      if(included)
        set(group ${library})
      endif()
    endforeach()
    set_source_files_properties(${source} TARGET_DIRECTORY impasto PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()
